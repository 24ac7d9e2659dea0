import type { IncomingMessage } from 'node:http';
import type { Db } from 'mongodb';
import type { Authenticate } from '../context/context.ts';
import type { Identity } from '../identity/identity.ts';
import { allows, scopeNeeded } from '../identity/scopes.ts';
import type { VerifyIdentity } from '../identity/verify.ts';
import { RequestRefused } from './errors.ts';
import type { Route } from './route.ts';
import type { RestMiddleware } from './state.ts';

/** How the front door's word is verified just now; undefined while the map names no front door. */
export type VerifyNow = () => VerifyIdentity | undefined;

export type Identifying = {
  /** The context's name, which its scopes and the audience of its tokens have. */
  readonly context: string;
  readonly db: Db;
  readonly authenticate?: Authenticate | undefined;
  readonly verify: VerifyNow;
};

/**
 * Whose request it is, and whether they may do it: by a session of the context's own, else by what the front door
 * signed. Where there is no front door nobody else is let in. Nothing else reads an identity.
 */
export const identify = (route: Route, identifying: Identifying): RestMiddleware => {
  if (route.access === 'everyone') return nobody();
  return async (ctx, next) => {
    const identity = await identityOf(ctx.req, identifying);
    refuseOutOfScope(identity, scopeNeeded(identifying.context, ctx.method));
    ctx.state.identity = identity;
    ctx.state.tenant = identity.tenant;
    const actor = actorOf(identity);
    if (actor !== undefined) ctx.state.actor = actor;
    await next();
  };
};

/** Who is let in without being asked who they are, on every route. */
export const nobody = (actor?: string): RestMiddleware => {
  return (ctx, next) => {
    ctx.state.identity = NOBODY;
    ctx.state.tenant = NOBODY.tenant;
    if (actor !== undefined) ctx.state.actor = actor;
    return next();
  };
};

const NOBODY: Identity = { tenant: '', scopes: [] };
const BEARER = /^Bearer +(\S+)$/i;

const identityOf = async (request: IncomingMessage, identifying: Identifying): Promise<Identity> => {
  const { authenticate, db, verify } = identifying;
  const own = await authenticate?.(request, db);
  if (own !== undefined) return own;
  const verifyIdentity = verify();
  if (verifyIdentity === undefined) throw frontDoorMissing();
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return verifyIdentity(token);
  throw new RequestRefused(
    'identity-missing',
    'nobody says whose request this is: send it through the front door with a login key',
    { headers: { 'WWW-Authenticate': 'Bearer' } },
  );
};

const frontDoorMissing = () =>
  new RequestRefused(
    'front-door-missing',
    'nobody can be let in: this landscape has no front door, as its context map names no identity; add it to the map',
  );

const refuseOutOfScope = ({ scopes }: Identity, needed: string): void => {
  if (allows(scopes, needed)) return;
  throw new RequestRefused('scope-missing', `this needs the scope ${needed}: use a login key that has it`, {
    detail: { scope: needed },
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${needed}"` },
  });
};

const actorOf = ({ user, key }: Identity): string | undefined => {
  if (user !== undefined) return `user/${user}`;
  return key === undefined ? undefined : `key/${key}`;
};

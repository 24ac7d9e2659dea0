import type { Db } from 'mongodb';
import type { ApiRequest, Route } from '../../kit/rest/route.ts';
import { notAllowed } from './errors.ts';
import { isActive, type KnownUser, ROLES, type Role } from './user/user.ts';
import { readUser } from './views/users.ts';

type Rule = { readonly path: string; readonly reads: readonly Role[]; readonly writes: readonly Role[] };

/** Who may do what: the whole of it. A route below none of these paths does not start. */
const RULES: readonly Rule[] = [
  { path: '/v1/me', reads: ROLES, writes: ROLES },
  { path: '/v1/sessions', reads: ROLES, writes: ROLES },
  { path: '/v1/users', reads: ['owner'], writes: ['owner'] },
  { path: '/v1/audit', reads: ['owner'], writes: [] },
  { path: '/v1/keys', reads: ['owner', 'developer'], writes: ['owner', 'developer'] },
  { path: '/v1/account', reads: ROLES, writes: ['owner', 'billing'] },
  { path: '/v1/plans', reads: ROLES, writes: [] },
  { path: '/v1/ledger', reads: ['owner', 'billing'], writes: [] },
  { path: '/v1/invoices', reads: ['owner', 'billing'], writes: [] },
  { path: '/v1/consumption', reads: ROLES, writes: [] },
];

/** The route for those alone whose role allows it, as the role is now: whoever lost one is refused at once. */
export const guarded = (route: Route): Route => {
  if (route.access === 'everyone') return route;
  const allowed = allowedRoles(route);
  const refusals = [...(route.refusals ?? []), 'not-allowed'];
  const check = async (request: ApiRequest, db: Db): Promise<void> => {
    const { role } = await actorOf(request, db);
    if (!allowed.includes(role)) throw notAllowed(`${route.method} ${route.path}`);
  };
  if (route.does === 'query') {
    const read = async (request: ApiRequest, db: Db) => {
      await check(request, db);
      return route.read(request, db);
    };
    return { ...route, refusals, read };
  }
  const command = async (request: ApiRequest, db: Db) => {
    await check(request, db);
    return route.command(request, db);
  };
  return { ...route, refusals, command };
};

/** The user who asks, by session or by a key. @throws DomainError not-allowed when there is none who is active. */
export const actorOf = async ({ identity, tenant }: ApiRequest, db: Db): Promise<KnownUser> => {
  if (identity.user === undefined) throw notAllowed('this to anybody but a user');
  const user = await readUser(db, tenant, identity.user);
  if (!isActive(user)) throw notAllowed('this to a user who is disabled');
  return user;
};

const allowedRoles = ({ method, path }: Route): readonly Role[] => {
  const rule = RULES.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  if (rule === undefined) throw new Error(`cannot serve ${path}: no rule says who may; add one to RULES`);
  return method === 'GET' ? rule.reads : rule.writes;
};

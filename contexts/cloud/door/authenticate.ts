import type { IncomingHttpHeaders } from 'node:http';
import { hashOf, isWellFormed } from '../../../kit/identity/login-key.ts';
import { keyDisabled, keyExpired, keyMalformed, keyMissing, keyUnknown } from '../errors.ts';
import type { HeldCredential } from '../replica/credentials.ts';
import type { Replica } from '../replica/replica.ts';
import type { DoorMiddleware } from './state.ts';

type Known = Pick<Replica, 'credential' | 'isUserDisabled'>;

/** Tells who asks by the login key, from memory alone; what cannot be a key is refused without a look. */
export const authenticate = (replica: Known, now: () => number = Date.now): DoorMiddleware => {
  return (ctx, next) => {
    ctx.state.caller = callerOf(keyIn(ctx.req.headers), replica, now());
    return next();
  };
};

/** @throws Refused, 401. */
export const callerOf = (key: string | undefined, replica: Known, now: number): HeldCredential => {
  if (key === undefined) throw keyMissing();
  if (!isWellFormed(key)) throw keyMalformed();
  const caller = replica.credential(Buffer.from(hashOf(key), 'hex'), now);
  if (caller === undefined) throw keyUnknown();
  if (caller.isDisabled || replica.isUserDisabled(caller.tenant, caller.userId)) throw keyDisabled();
  if (caller.expiresAt <= now) throw keyExpired();
  return caller;
};

const BEARER = /^Bearer +(\S+) *$/i;

export const keyIn = (headers: IncomingHttpHeaders): string | undefined => {
  const { authorization } = headers;
  if (authorization !== undefined) return BEARER.exec(authorization)?.[1] ?? '';
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
};

import { tooManyRequests } from '../errors.ts';
import type { AccountRates } from '../rate/account-rates.ts';
import type { Replica } from '../replica/replica.ts';
import type { DoorMiddleware } from './state.ts';

/** Requests a second of an account whose plan says nothing (yet). */
export const DEFAULT_LIMIT = 100;

/** Lets as many requests a second through as the account's plan says, and says how many are left (RateLimit headers). */
export const rateLimit = (
  rates: AccountRates,
  replica: Pick<Replica, 'requestsPerSecond'>,
): DoorMiddleware => {
  return (ctx, next) => {
    const { tenant } = ctx.state.caller;
    const limit = replica.requestsPerSecond(tenant) ?? DEFAULT_LIMIT;
    const { isAllowed, remaining, resetMs } = rates.take(tenant, limit);
    const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
    const policy = `"plan";q=${limit};w=1`;
    const state = `"plan";r=${remaining};t=${seconds}`;
    ctx.res.setHeader('RateLimit-Policy', policy);
    ctx.res.setHeader('RateLimit', state);
    if (!isAllowed) throw tooManyRequests(limit, { 'Retry-After': String(seconds) });
    return next();
  };
};

import type Koa from 'koa';
import { tooManyRequests } from '../errors.ts';
import type { AccountRates, Taken } from '../rate/account-rates.ts';
import type { Replica } from '../replica/replica.ts';
import type { DoorContext, DoorMiddleware } from './state.ts';

/** Requests a second of an account whose plan says nothing (yet). */
export const DEFAULT_LIMIT = 100;

type Limited = { readonly limit: number; readonly taken: Taken };

/** Lets as many requests a second through as the account's plan says, and says how many are left (RateLimit headers). */
export const rateLimit = (
  rates: AccountRates,
  replica: Pick<Replica, 'requestsPerSecond'>,
): DoorMiddleware => {
  return (ctx, next) => {
    const { tenant } = ctx.state.caller;
    const limit = replica.requestsPerSecond(tenant) ?? DEFAULT_LIMIT;
    const taken = rates.take(tenant, limit);
    // Most need not wait, and a promise for each would cost more than all else here.
    return taken instanceof Promise
      ? taken.then((one) => goOn(ctx, next, { limit, taken: one }))
      : goOn(ctx, next, { limit, taken });
  };
};

const goOn = (ctx: DoorContext, next: Koa.Next, { limit, taken }: Limited): Promise<unknown> => {
  const { isAllowed, remaining, resetMs } = taken;
  const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
  ctx.res.setHeader('RateLimit-Policy', `"plan";q=${limit};w=1`);
  ctx.res.setHeader('RateLimit', `"plan";r=${remaining};t=${seconds}`);
  if (!isAllowed) throw tooManyRequests(limit, { 'Retry-After': String(seconds) });
  return next();
};

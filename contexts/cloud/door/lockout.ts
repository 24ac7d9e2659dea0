import { accountLocked } from '../errors.ts';
import type { Replica } from '../replica/replica.ts';
import type { DoorMiddleware } from './state.ts';

/** Refuses whoever belongs to a locked account, with the reasons: 402. */
export const lockout = (replica: Pick<Replica, 'standing'>): DoorMiddleware => {
  return (ctx, next) => {
    const reasons = replica.standing(ctx.state.caller.tenant)?.reasons ?? [];
    if (reasons.length > 0) throw accountLocked(reasons);
    return next();
  };
};

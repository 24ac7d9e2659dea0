import type { PriceList } from '../pricing/price-list.ts';
import { millisecondsOf, planAt, termsNow } from '../pricing/terms.ts';
import { type Account, type AccountEvent, account, type LockReason } from './account.ts';

/** By what a decision is made, beside the account itself. */
export type Given = { readonly prices: PriceList; readonly now: string };

/** The plan that the account has now. */
export const planOf = (state: Account, now: string): string | undefined => planAt(state.plans, now);

/** Adds what follows from the decided events for the account's standing: one event, and only if it is another one. */
export const withStanding = (
  state: Account,
  decided: readonly AccountEvent[],
  given: Given,
): AccountEvent[] => {
  const after = decided.reduce(account.evolve, state);
  if (after.status === 'none') return [...decided];
  const overdraft = overdraftOf(after, given);
  const reasons = reasonsOf(overdraft.reduce(account.evolve, after), given);
  return [...decided, ...overdraft, ...told(after.lockReasons, reasons, given.now)];
};

/** Why the account is locked, from its state alone and in a fixed order. */
export const reasonsOf = (state: Account, given: Given): LockReason[] => {
  const holds: Record<LockReason, boolean> = {
    overdraft: isOverdrawnTooLong(state, given),
    suspended: isSuspended(state),
    fraud: state.fraud,
    closed: state.status === 'closed',
  };
  return (Object.keys(holds) as LockReason[]).filter((reason) => holds[reason]);
};

/** What is locked for it stays so until the overdraft ends, however a process with a slow clock sees the time. */
const isOverdrawnTooLong = (state: Account, { prices, now }: Given): boolean => {
  const { overdrawnSince, lockReasons } = state;
  if (overdrawnSince === null) return false;
  const grace = millisecondsOf(termsNow(prices, planOf(state, now))?.overdraft.grace ?? '');
  if (lockReasons.includes('overdraft') || grace === 0) return true;
  return Date.parse(now) >= Date.parse(overdrawnSince) + grace;
};

/** Below the limit of the plan; without a plan whose terms are known there is no limit. */
const overdraftOf = (state: Account, { prices, now }: Given): AccountEvent[] => {
  const limit = termsNow(prices, planOf(state, now))?.overdraft.amount;
  const isBelow = limit !== undefined && state.balance < -limit;
  if (isBelow === (state.overdrawnSince !== null)) return [];
  return [{ type: isBelow ? 'OverdraftBegan' : 'OverdraftEnded', data: { at: now } }];
};

/** By its tenant, or because every subscription that it still has is. */
const isSuspended = ({ tenantSuspended, subscriptions }: Account): boolean => {
  const running = Object.values(subscriptions).filter(
    ({ state }) => state === 'Active' || state === 'Suspended',
  );
  return tenantSuspended || (running.length > 0 && running.every(({ state }) => state === 'Suspended'));
};

const told = (before: readonly LockReason[], reasons: LockReason[], now: string): AccountEvent[] => {
  if (before.join() === reasons.join()) return [];
  if (reasons.length === 0) return [{ type: 'AccountUnlocked', data: { unlockedAt: now } }];
  return [{ type: 'AccountLocked', data: { reasons, lockedAt: now } }];
};

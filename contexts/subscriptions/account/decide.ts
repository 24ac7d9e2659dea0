import { accountClosed, accountNotFound, balanceTooLow, creditHasExpired } from '../errors.ts';
import type { Account, AccountEvent, Entry, Followed } from './account.ts';
import { refundable } from './credits.ts';
import { type Cause, entryOf, inCurrency } from './entry.ts';
import { type Given, planOf, withStanding } from './standing.ts';

/** What staff enters. Amounts are above zero, but for a correction, which may take as well as give. */
export type Enter = Omit<Cause, 'now'> & {
  readonly type: 'TopUp' | 'Refund' | 'GiveCredit' | 'Correct';
  readonly amount: number;
  readonly currency: string;
  readonly note?: string | undefined;
  readonly expiresAt?: string | undefined;
};

export type AccountCommand =
  | Enter
  | {
      readonly type: 'FollowTenant';
      readonly displayName: string;
      readonly owner: string;
      readonly suspended: boolean;
    }
  | ({ readonly type: 'FollowSubscription'; readonly subscriptionId: string } & Omit<Followed, 'since'>)
  | { readonly type: 'SuspectFraud' | 'ClearFraud'; readonly reason: string }
  | { readonly type: 'CloseAccount'; readonly reason: string }
  | { readonly type: 'ExpireCredits' }
  /** Nothing but time went by. */
  | { readonly type: 'CheckOverdraft' };

/** @throws DomainError when a rule says no. */
export const decide = (command: AccountCommand, state: Account, given: Given): AccountEvent[] =>
  withStanding(state, decided(command, state, given), given);

const decided = (command: AccountCommand, state: Account, given: Given): AccountEvent[] => {
  switch (command.type) {
    case 'FollowTenant':
      return followTenant(command, state, given.now);
    case 'FollowSubscription':
      return followSubscription(command, state, given);
    case 'TopUp':
    case 'Refund':
    case 'GiveCredit':
    case 'Correct':
      return enter(command, state, given.now);
    case 'SuspectFraud':
    case 'ClearFraud':
      return suspect(command, existing(state));
    case 'CloseAccount':
      return close(command.reason, state, given.now);
    case 'ExpireCredits':
      return expireCredits(state, given.now);
    case 'CheckOverdraft':
      return [];
  }
};

/** @throws DomainError account-not-found */
export const existing = (state: Account): Account => {
  if (state.status === 'none') throw accountNotFound();
  return state;
};

type Following<Type> = Extract<AccountCommand, { type: Type }>;

const followTenant = (command: Following<'FollowTenant'>, state: Account, now: string): AccountEvent[] => {
  const { displayName, owner, suspended } = command;
  if (state.status === 'closed') return [];
  const events: AccountEvent[] = [];
  if (state.status === 'none') {
    events.push({ type: 'AccountOpened', data: { displayName, owner, openedAt: now } });
  } else if (state.displayName !== displayName || state.owner !== owner) {
    events.push({ type: 'AccountRenamed', data: { displayName, owner } });
  }
  if (state.tenantSuspended !== suspended) events.push({ type: 'TenantSuspended', data: { suspended } });
  return events;
};

/** Subscriptions may be told before their tenant is; they count all the same. */
const followSubscription = (
  command: Following<'FollowSubscription'>,
  state: Account,
  { now }: Given,
): AccountEvent[] => {
  const { type: _, subscriptionId, ...told } = command;
  const known = state.subscriptions[subscriptionId];
  const followed = { ...told, since: known?.since ?? now };
  if (known?.plan === told.plan && known.state === told.state && known.name === told.name) return [];
  const leading = leadingPlan({ ...state.subscriptions, [subscriptionId]: followed });
  const current = state.plans.at(-1)?.plan ?? null;
  return [
    { type: 'SubscriptionFollowed', data: { subscriptionId, ...followed } },
    ...(leading === current
      ? []
      : [{ type: 'PlanAssigned', data: { from: now, plan: leading } } satisfies AccountEvent]),
  ];
};

/** The oldest subscription that is active leads; one that is suspended keeps its plan while no other is active. */
const leadingPlan = (subscriptions: Account['subscriptions']): string | null => {
  const oldest = (wanted: Followed['state']) =>
    Object.entries(subscriptions)
      .filter(([, { state }]) => state === wanted)
      .toSorted(([one, { since }], [other, { since: otherSince }]) =>
        since === otherSince ? compare(one, other) : compare(since, otherSince),
      )
      .at(0)?.[1].plan;
  return oldest('Active') ?? oldest('Suspended') ?? null;
};
const compare = (one: string, other: string) => (one < other ? -1 : 1);

const enter = (command: Enter, state: Account, now: string): AccountEvent[] => {
  const { type, cause, amount, currency } = command;
  const isGiven = type === 'TopUp' || type === 'GiveCredit';
  if (existing(state).status === 'closed' && isGiven) throw accountClosed();
  const most = refundable(state.balance, state.credits);
  if (type === 'Refund' && amount > most) throw balanceTooLow(most);
  const entry = entryOf(state, { cause, now }, type === 'Refund' ? -amount : amount);
  return [...inCurrency(state, currency), entered(command, entry)];
};

const entered = ({ type, note, expiresAt }: Enter, entry: Entry): AccountEvent => {
  const noted = { ...entry, ...(note !== undefined && { note }) };
  switch (type) {
    case 'TopUp':
      return { type: 'ToppedUp', data: noted };
    case 'Refund':
      return { type: 'Refunded', data: noted };
    case 'Correct':
      return { type: 'Corrected', data: { ...entry, reason: note ?? '' } };
    case 'GiveCredit':
      if (expiresAt === undefined) return { type: 'Credited', data: noted };
      if (Date.parse(expiresAt) <= Date.parse(entry.at)) throw creditHasExpired(expiresAt);
      return { type: 'Credited', data: { ...noted, expiresAt } };
  }
};

const suspect = (
  { type, reason }: Following<'SuspectFraud' | 'ClearFraud'>,
  { fraud }: Account,
): AccountEvent[] => {
  if (type === 'SuspectFraud') return fraud ? [] : [{ type: 'FraudSuspected', data: { reason } }];
  return fraud ? [{ type: 'FraudCleared', data: { reason } }] : [];
};

const close = (reason: string, state: Account, now: string): AccountEvent[] => {
  if (existing(state).status === 'closed') return [];
  const left: AccountEvent[] =
    planOf(state, now) === undefined ? [] : [{ type: 'PlanAssigned', data: { from: now, plan: null } }];
  return [{ type: 'AccountClosed', data: { reason, closedAt: now } }, ...left];
};

const expireCredits = (state: Account, now: string): AccountEvent[] => {
  const ended = state.credits.filter(({ expiresAt }) => Date.parse(expiresAt) <= Date.parse(now));
  let { balance, entries } = state;
  return ended.map(({ cause, remaining }): AccountEvent => {
    const entry = entryOf({ ...state, balance, entries }, { cause: `expiry/${cause}`, now }, -remaining);
    balance = entry.balance;
    entries += 1;
    return { type: 'CreditExpired', data: { ...entry, credit: cause } };
  });
};

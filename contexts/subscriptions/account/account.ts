import type { EventOf } from '../../../kit/event/published-language.ts';
import { eventSourced } from '../../../kit/event-store/event-sourced.ts';
import type { LOCK_REASONS, subscriptions } from '../contract.ts';
import { monthOf } from '../pricing/month.ts';
import type { PlanPeriod } from '../pricing/terms.ts';
import { type Credit, consumed, granted } from './credits.ts';

export type LockReason = (typeof LOCK_REASONS)[number];

/** What all entries of the ledger say. They are never edited: an error is put right by a further one. */
export type Entry = {
  /** `1`, `2`, `3` … within the account. */
  readonly entryId: string;
  /** What it follows from; an account has one entry per cause. */
  readonly cause: string;
  /** In minor units, with its sign: charges are negative. */
  readonly amount: number;
  /** After the entry. */
  readonly balance: number;
  readonly at: string;
};

/** What a charge is for. `month` is that of the use, `period` that of the invoice: they differ for what came late. */
export type ChargedFor = {
  readonly period: string;
  readonly month: string;
  readonly plan: string;
  /** `base` for the base fee. */
  readonly meter: string;
  readonly units: number;
  readonly unitPrice: number;
};

export type SubscriptionState = 'Active' | 'Suspended' | 'Waiting' | 'Refused' | 'Ended';
export type Followed = {
  readonly plan: string;
  readonly state: SubscriptionState;
  readonly since: string;
  readonly name: string;
};

type Told<Type extends string, Data> = { readonly type: Type; readonly data: Data };
export type LedgerEvent =
  | Told<'Charged', Entry & { readonly for: ChargedFor }>
  | Told<'ToppedUp', Entry & { readonly note?: string | undefined }>
  | Told<'Refunded', Entry & { readonly note?: string | undefined }>
  | Told<'Credited', Entry & { readonly expiresAt?: string | undefined; readonly note?: string | undefined }>
  | Told<'CreditExpired', Entry & { readonly credit: string }>
  | Told<'Corrected', Entry & { readonly reason: string }>;

export type AccountEvent =
  | EventOf<typeof subscriptions, 'account'>
  | LedgerEvent
  | Told<'AccountOpened', { readonly displayName: string; readonly owner: string; readonly openedAt: string }>
  | Told<'AccountRenamed', { readonly displayName: string; readonly owner: string }>
  | Told<'TenantSuspended', { readonly suspended: boolean }>
  | Told<'SubscriptionFollowed', { readonly subscriptionId: string } & Followed>
  | Told<'PlanAssigned', PlanPeriod>
  | Told<'CurrencySet', { readonly currency: string }>
  | Told<'FraudSuspected', { readonly reason: string }>
  | Told<'FraudCleared', { readonly reason: string }>
  | Told<'OverdraftBegan', { readonly at: string }>
  | Told<'OverdraftEnded', { readonly at: string }>
  | Told<'MonthInvoiced', { readonly month: string; readonly isPaid: boolean }>
  | Told<'InvoiceSettled', { readonly period: string }>
  | Told<'AccountClosed', { readonly reason: string; readonly closedAt: string }>;

/** Charges of a period that has no issued invoice yet, summed up by what they are for. */
export type OpenCharge = ChargedFor & { readonly amount: number };

export type Account = {
  readonly status: 'none' | 'open' | 'closed';
  readonly displayName: string;
  readonly owner: string;
  readonly openedAt?: string;
  readonly closedAt?: string;
  readonly currency?: string;
  readonly balance: number;
  /** How many there are in the ledger. */
  readonly entries: number;
  readonly credits: readonly Credit[];
  readonly openCharges: readonly OpenCharge[];
  readonly subscriptions: Readonly<Record<string, Followed>>;
  /** Oldest first. */
  readonly plans: readonly PlanPeriod[];
  readonly tenantSuspended: boolean;
  readonly fraud: boolean;
  readonly overdrawnSince: string | null;
  /** As they were told last. */
  readonly lockReasons: readonly LockReason[];
  /** The last month with an issued invoice. */
  readonly invoicedThrough?: string;
  /** Periods with an invoice that is not paid. */
  readonly unpaid: readonly string[];
};

const initialState = (): Account => ({
  status: 'none',
  displayName: '',
  owner: '',
  balance: 0,
  entries: 0,
  credits: [],
  openCharges: [],
  subscriptions: {},
  plans: [],
  tenantSuspended: false,
  fraud: false,
  overdrawnSince: null,
  lockReasons: [],
  unpaid: [],
});

const evolve = (state: Account, event: AccountEvent): Account => {
  const apply = changes[event.type] as (state: Account, data: AccountEvent['data']) => Account;
  return apply(state, event.data);
};

type Changes = {
  readonly [Type in AccountEvent['type']]: (
    state: Account,
    data: Extract<AccountEvent, { type: Type }>['data'],
  ) => Account;
};

const entered = (state: Account, { balance }: Entry): Account => ({
  ...state,
  balance,
  entries: state.entries + 1,
});
/** An entry that takes money takes what expires first. */
const spent = (state: Account, entry: Entry): Account => ({
  ...entered(state, entry),
  credits: consumed(state.credits, -entry.amount),
});

const changes: Changes = {
  AccountOpened: (state, data) => ({ ...state, ...data, status: 'open' }),
  AccountRenamed: (state, data) => ({ ...state, ...data }),
  AccountClosed: (state, { closedAt }) => ({ ...state, status: 'closed', closedAt }),
  TenantSuspended: (state, { suspended }) => ({ ...state, tenantSuspended: suspended }),
  SubscriptionFollowed: (state, { subscriptionId, ...followed }) => ({
    ...state,
    subscriptions: { ...state.subscriptions, [subscriptionId]: followed },
  }),
  PlanAssigned: (state, period) => ({ ...state, plans: [...state.plans, period] }),
  CurrencySet: (state, { currency }) => ({ ...state, currency }),
  FraudSuspected: (state) => ({ ...state, fraud: true }),
  FraudCleared: (state) => ({ ...state, fraud: false }),
  OverdraftBegan: (state, { at }) => ({ ...state, overdrawnSince: at }),
  OverdraftEnded: (state) => ({ ...state, overdrawnSince: null }),
  AccountLocked: (state, { reasons }) => ({ ...state, lockReasons: reasons }),
  AccountUnlocked: (state) => ({ ...state, lockReasons: [] }),
  Charged: (state, entry) => ({
    ...spent(state, entry),
    openCharges: withCharge(state.openCharges, { ...entry.for, amount: -entry.amount }),
  }),
  ToppedUp: entered,
  Refunded: entered,
  Credited: (state, entry) => ({ ...entered(state, entry), credits: granted(state.credits, entry) }),
  CreditExpired: (state, entry) => ({
    ...entered(state, entry),
    credits: state.credits.filter(({ cause }) => cause !== entry.credit),
  }),
  Corrected: (state, entry) => (entry.amount < 0 ? spent(state, entry) : entered(state, entry)),
  MonthInvoiced: (state, { month, isPaid }) => ({
    ...state,
    invoicedThrough: month,
    openCharges: state.openCharges.filter(({ period }) => period > month),
    unpaid: isPaid ? state.unpaid : [...state.unpaid, month],
  }),
  InvoiceSettled: (state, { period }) => ({
    ...state,
    unpaid: state.unpaid.filter((one) => one !== period),
  }),
};

const withCharge = (charges: readonly OpenCharge[], added: OpenCharge): OpenCharge[] => {
  const same = (one: OpenCharge) =>
    one.period === added.period &&
    one.month === added.month &&
    one.plan === added.plan &&
    one.meter === added.meter &&
    one.unitPrice === added.unitPrice;
  if (!charges.some(same)) return [...charges, added];
  return charges.map((one) =>
    same(one) ? { ...one, units: one.units + added.units, amount: one.amount + added.amount } : one,
  );
};

/** The account of a tenant: its money, its plan, and whether it is locked. */
export const account = eventSourced<Account, AccountEvent>({
  kind: 'account',
  initialState,
  evolve,
  stateVersion: 1,
  inline: {
    collection: 'accounts',
    of: (state) => ({ state }),
    indexes: [{ 'state.balance': 1 }, { 'state.credits.expiresAt': 1 }, { 'state.unpaid': 1 }],
  },
  snapshot: ({ lockReasons, overdrawnSince, openedAt = '1970-01-01T00:00:00.000Z' }) =>
    lockReasons.length === 0
      ? undefined
      : {
          type: 'AccountLocked',
          data: { reasons: [...lockReasons], lockedAt: overdrawnSince ?? openedAt },
        },
});

export const ACCOUNT = 'account';
export const accountKey = () => account.key(ACCOUNT);
export const accountKeyIn = (tenant: string) => account.keyIn(tenant, ACCOUNT);

/** The month whose invoice gets what was used in `month`: its own until that is issued, then the next that is not. */
export const periodFor = (
  { invoicedThrough, openedAt }: Account,
  month: string,
  next: (month: string) => string,
) => {
  const first = openedAt === undefined ? month : monthOf(openedAt);
  const asked = month < first ? first : month;
  return invoicedThrough !== undefined && asked <= invoicedThrough ? next(invoicedThrough) : asked;
};

import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** What a plan costs; amounts in minor units. Without prices it costs nothing. */
export type Prices = {
  readonly currency: string;
  readonly basePerMonth: number;
  /** By meter. */
  readonly perUnit: Readonly<Record<string, number>>;
  /** Units of each month that cost nothing, by meter. */
  readonly included: Readonly<Record<string, number>>;
  /** Days from the subscription's start for which no base fee is due. */
  readonly trialDays: number;
};

/** How far below zero the balance may go, and how long it may stay below that: an ISO 8601 duration. */
export type OverdraftRule = { readonly amount: number; readonly grace: string };

export type Terms = {
  /** RFC 3339: when the operator told them. */
  readonly from: string;
  readonly prices?: Prices | undefined;
  readonly overdraft: OverdraftRule;
};

export type ListedPlan = {
  readonly displayName: string;
  readonly withdrawn: boolean;
  /** Oldest first, never empty. */
  readonly versions: readonly Terms[];
};

export type PriceList = { readonly plans: Readonly<Record<string, ListedPlan>> };

export type PriceListEvent = {
  readonly type: 'TermsChanged';
  readonly data: {
    readonly plan: string;
    readonly displayName: string;
    readonly withdrawn: boolean;
    readonly terms: Terms;
  };
};

/** Of a plan that changes every month so many cover more than the windows and invoices that may still be open. */
const MAX_VERSIONS = 36;

const evolve = ({ plans }: PriceList, { data }: PriceListEvent): PriceList => {
  const { plan, displayName, withdrawn, terms } = data;
  const before = plans[plan]?.versions ?? [];
  const last = before.at(-1);
  const versions = last !== undefined && sameTerms(last, terms) ? before : [...before, terms];
  return { plans: { ...plans, [plan]: { displayName, withdrawn, versions: versions.slice(-MAX_VERSIONS) } } };
};

/** Every plan of the platform, in one document of the tenant `platform`. */
export const priceList = aggregate<PriceList, PriceListEvent>({
  kind: 'price-list',
  collection: 'price-lists',
  initialState: () => ({ plans: {} }),
  evolve,
});

export const priceListKey = () => priceList.keyIn('platform', 'price-list');

/** What the operator says of a plan, told only where it differs from what is listed. */
export const listPlan = (change: PriceListEvent['data'], { plans }: PriceList): PriceListEvent[] => {
  const known = plans[change.plan];
  const last = known?.versions.at(-1);
  const isKnown =
    known !== undefined &&
    last !== undefined &&
    known.withdrawn === change.withdrawn &&
    known.displayName === change.displayName &&
    sameTerms(last, change.terms);
  return isKnown ? [] : [{ type: 'TermsChanged', data: change }];
};

const sameTerms = (one: Terms, other: Terms) => textOf(one) === textOf(other);
const textOf = ({ prices, overdraft }: Terms) =>
  JSON.stringify([
    prices?.currency,
    prices?.basePerMonth,
    prices?.trialDays,
    sorted(prices?.perUnit),
    sorted(prices?.included),
    overdraft.amount,
    overdraft.grace,
  ]);
const sorted = (amounts: Readonly<Record<string, number>> = {}) =>
  Object.entries(amounts).toSorted(([one], [other]) => (one < other ? -1 : 1));

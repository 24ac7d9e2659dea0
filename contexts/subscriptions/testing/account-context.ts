import type { BoundedContext } from '../../../kit/context/context.ts';
import { accountAggregates } from '../account-aggregates.ts';
import { accountStatuses } from '../account-errors.ts';
import { accountApi } from '../api-account.ts';
import { subscriptions } from '../contract.ts';
import type { PriceList, Prices } from '../pricing/price-list.ts';
import { accountReactions } from '../reactions.ts';
import { accountSchedules } from '../schedules.ts';
import { accountStaff } from '../staff-account.ts';

/** The part of the context that this folder's account specs are about; routes of the staff beside the customer's. */
export const accountContext: BoundedContext = {
  name: 'subscriptions',
  version: '0.1.0',
  scope: 'Platform',
  publishes: subscriptions,
  upstreams: [
    { context: 'platform', relation: 'Conformist', start: 'snapshot', staleness: 'PT5S' },
    { context: 'cloud', relation: 'CustomerSupplier', start: 'retained', staleness: 'PT15S' },
  ],
  aggregates: accountAggregates,
  api: [...accountApi, ...accountStaff],
  reactions: accountReactions,
  refusals: accountStatuses,
  schedules: accountSchedules,
};

export const aPrice = (overrides: Partial<Prices> = {}): Prices => ({
  currency: 'EUR',
  basePerMonth: 3_000,
  perUnit: { requests: 2 },
  included: { requests: 100 },
  trialDays: 0,
  ...overrides,
});

export const aPriceList = (prices = aPrice(), overdraft = { amount: 0, grace: 'P0D' }): PriceList => ({
  plans: {
    starter: {
      displayName: 'Starter',
      withdrawn: false,
      versions: [{ from: '2026-01-01T00:00:00.000Z', prices, overdraft }],
    },
  },
});

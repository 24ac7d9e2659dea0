import type { PriceList, Prices } from '../pricing/price-list.ts';

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

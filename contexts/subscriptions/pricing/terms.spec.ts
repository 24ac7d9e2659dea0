import { deepEqual, equal } from 'node:assert/strict';
import { aPrice, aPriceList } from '../testing/prices.ts';
import { costOf, millisecondsOf, type PlanPeriod, planAt, pricesIn, termsNow } from './terms.ts';

const month = '2026-09';
const from = (day: number, plan: string | null = 'starter'): PlanPeriod => ({
  from: new Date(Date.UTC(2026, 8, day)).toISOString(),
  plan,
});
const long = { from: '2026-01-01T00:00:00.000Z', plan: 'starter' };

describe('what units cost', () => {
  const cost = (plans: readonly PlanPeriod[], units: number, price = aPrice()) =>
    costOf({ plans, prices: aPriceList(price), month, plan: 'starter' }, 'requests', units);
  const cases: [string, readonly PlanPeriod[], number, number][] = [
    ['is nothing for what is included', [long], 100, 0],
    ['is the price of each unit beyond', [long], 103, 6],
    ['has half included from the middle of the month on', [from(16)], 53, 6],
    ['has a third included until the plan ends', [long, from(11, 'gold')], 33, 0],
    ['has both parts included of a plan that comes back', [long, from(11, 'gold'), from(21)], 68, 2],
    ['has nothing included of a plan that came later', [{ ...long, from: '2026-10-01T00:00:00Z' }], 1, 2],
  ];
  for (const [what, plans, units, amount] of cases) it(what, () => equal(cost(plans, units), amount));
  it('is nothing of a meter without a price', () => equal(cost([long], 1_000, aPrice({ perUnit: {} })), 0));
});

describe('the prices of a month', () => {
  const version = (day: string, basePerMonth: number) => ({
    from: `${day}T00:00:00.000Z`,
    prices: aPrice({ basePerMonth }),
    overdraft: { amount: 0, grace: 'P0D' },
  });
  const versions = [version('2026-08-10', 1), version('2026-09-01', 2), version('2026-09-02', 3)];
  const prices = { plans: { starter: { displayName: 'Starter', withdrawn: false, versions } } };
  it('are those of its first moment', () => equal(pricesIn(prices, 'starter', month)?.basePerMonth, 2));
  it('are the first ones of a younger plan', () =>
    equal(pricesIn(prices, 'starter', '2026-08')?.basePerMonth, 1));
  it('are none of a plan that nobody told of', () => equal(pricesIn(prices, 'ghost', month), undefined));
  it('do not hold back the overdraft rule, which is the newest', () =>
    equal(termsNow(prices, 'starter')?.prices?.basePerMonth, 3));
});

describe('the plan at a time', () => {
  const periods = [from(10), from(20, null), from(25, 'gold')];
  it('is the one that began last', () =>
    deepEqual(
      ['2026-09-10', '2026-09-22', '2026-09-30'].map((day) => planAt(periods, `${day}T00:00:00Z`)),
      ['starter', undefined, 'gold'],
    ));
  it('is the first one before there was any', () =>
    equal(planAt(periods, '2026-09-01T00:00:00Z'), 'starter'));
});

describe('a grace', () => {
  it('is of days and hours', () =>
    deepEqual(
      ['P0D', 'P1D', 'PT6H', 'P1DT12H', 'soon'].map(millisecondsOf),
      [0, 86_400_000, 21_600_000, 129_600_000, 0],
    ));
});

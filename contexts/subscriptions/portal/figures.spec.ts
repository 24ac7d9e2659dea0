import { deepEqual, equal } from 'node:assert/strict';
import { barsOf, daysOf, metersOf, monthsFrom, roundedUp } from './src/chart.ts';
import { moneyText, numberText } from './src/money.ts';

describe('barsOf', () => {
  const consumption = {
    days: [{ day: '2026-02-03', units: { requests: 12 } }],
    totals: { requests: 12, bytes: 0 },
  };

  it('has a bar for each day of the month', () => {
    const bars = barsOf(consumption, 'requests', '2026-02');
    equal(bars.length, 28);
    deepEqual(
      bars.filter(({ units }) => units > 0),
      [{ day: '2026-02-03', units: 12 }],
    );
  });

  it('has none above zero for a meter that nothing counted', () =>
    deepEqual(
      barsOf(consumption, 'bytes', '2026-02').filter(({ units }) => units > 0),
      [],
    ));

  it('knows meters in one order', () => deepEqual(metersOf(consumption), ['bytes', 'requests']));
});

describe('months', () => {
  it('know leap years', () => equal(daysOf('2028-02').at(-1), '2028-02-29'));
  it('go over the turn of the year', () => {
    equal(monthsFrom('2026-01', -1), '2025-12');
    equal(monthsFrom('2026-12', 1), '2027-01');
  });
});

describe('roundedUp', () => {
  for (const [value, top] of [
    [0, 1],
    [1, 1],
    [3, 5],
    [99, 100],
    [1_001, 2_000],
    [2_500, 5_000],
  ] as const) {
    it(`makes ${top} of ${value}`, () => equal(roundedUp(value), top));
  }
});

describe('moneyText', () => {
  it('knows how many minor units a currency has', () => {
    equal(moneyText({ amount: 1234, currency: 'EUR' }), '€12.34');
    equal(moneyText({ amount: 1234, currency: 'JPY' }), 'JP¥1,234');
  });
  it('shows what is owed', () => equal(moneyText({ amount: -5, currency: 'EUR' }), '-€0.05'));
  it('groups figures', () => equal(numberText(12_345), '12,345'));
});

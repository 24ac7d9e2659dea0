import { deepEqual, equal, ok } from 'node:assert/strict';
import { validate, version } from 'uuid';
import { barsOf, daysOf, metersOf, monthsFrom, roundedUp } from './src/chart.ts';
import { detailOf, foldCharges, titleOf } from './src/ledger.ts';
import { changeText, moneyText, numberText, unitsText } from './src/money.ts';
import { newId } from './src/new-id.ts';
import type { Entry } from './src/wire.ts';

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

  it('knows meters in one order', () => deepEqual(metersOf(consumption), ['requests', 'bytes']));
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
  it('shows what is owed', () => equal(moneyText({ amount: -5, currency: 'EUR' }), '\u2212€0.05'));
  it('groups figures', () => equal(numberText(12_345), '12,345'));
});

describe('changeText', () => {
  it('shows what comes in and what goes out', () => {
    equal(changeText({ amount: 1234, currency: 'EUR' }), '+€12.34');
    equal(changeText({ amount: -1234, currency: 'EUR' }), '\u2212€12.34');
    equal(changeText({ amount: 0, currency: 'EUR' }), '€0.00');
  });
});

describe('unitsText', () => {
  for (const [meter, value, text] of [
    ['requests', 12_345, '12,345'],
    ['requests', 1_200_000, '1.2m'],
    ['bytes', 0, '0B'],
    ['bytes', 12_345_678, '12.3 MB'],
    ['bytes', 5e15, '5,000 TB'],
  ] as const) {
    it(`makes ${text} of ${value} ${meter}`, () => equal(unitsText(meter, value), text));
  }
});

describe('foldCharges', () => {
  const used = { month: '2026-11', plan: 'starter', meter: 'requests', units: 10, unitPrice: 2 };
  const aCharge = (entryId: string, more: Partial<Entry> = {}): Entry => ({
    ...{ entryId, type: 'Charged', cause: `window/${entryId}`, amount: -20, balance: -20 * Number(entryId) },
    ...{ at: '2026-11-23T10:00:00.000Z', for: used, ...more },
  });
  const topUp: Entry = { ...aCharge('3'), type: 'ToppedUp', amount: 500, cause: 'top-up/r1' };

  it('makes one line of charges that follow each other, with the newest balance', () => {
    const [line, ...more] = foldCharges([aCharge('2'), aCharge('1')]);
    deepEqual([line?.entryId, line?.amount, line?.balance, line?.for?.units], ['2', -40, -40, 20]);
    deepEqual(more, []);
  });

  it('keeps apart what a payment, a day, a month, a meter or a price lies between', () => {
    const others = [
      { at: '2026-11-22T10:00:00.000Z' },
      { for: { ...used, month: '2026-10' } },
      { for: { ...used, meter: 'bytes' } },
      { for: { ...used, unitPrice: 3 } },
    ];
    for (const other of others) equal(foldCharges([aCharge('2'), aCharge('1', other)]).length, 2);
    equal(foldCharges([aCharge('4'), topUp, aCharge('2')]).length, 3);
  });

  it('says what each line is', () => {
    deepEqual(
      [titleOf(aCharge('1')), detailOf(aCharge('1'), 'EUR')],
      ['Use of requests', '10 × €0.02, November 2026'],
    );
    const { for: _, ...payment } = topUp;
    deepEqual([titleOf(payment), detailOf(payment, 'EUR')], ['Payment received', 'r1']);
  });
});

describe('newId', () => {
  it('is a UUIDv7 of its time', () => {
    const [one, other] = [newId(1_800_000_000_000), newId(1_800_000_000_001)];
    ok(validate(one) && version(one) === 7);
    equal(Number.parseInt(one.replaceAll('-', '').slice(0, 12), 16), 1_800_000_000_000);
    ok(one < other);
  });
});

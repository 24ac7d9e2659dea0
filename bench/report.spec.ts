import { deepEqual, equal } from 'node:assert/strict';
import { type Figure, verdictOn } from './figure.ts';
import { isAsked } from './options.ts';
import { asJson, shown, table } from './report.ts';

const aFigure = (overrides: Partial<Figure> = {}): Figure => ({
  name: 'drain.rate',
  value: 25_000,
  unit: 'events/s',
  limit: 50_000,
  ...overrides,
});

describe('verdictOn', () => {
  const cases: [string, Figure, ReturnType<typeof verdictOn>][] = [
    ['a rate at its target', aFigure(), 'met'],
    ['a rate below its target', aFigure({ value: 24_999 }), 'missed'],
    ['a rate that is too small a part of the limit', aFigure({ limit: 100_000 }), 'missed'],
    ['a latency at its target', { name: 'latency.p99', value: 25, unit: 'ms' }, 'met'],
    ['a latency above its target', { name: 'latency.p99', value: 25.1, unit: 'ms' }, 'missed'],
    ['orders without a limit', { name: 'orders.rate', value: 900, unit: 'orders/s' }, 'missed'],
    ['a figure without a target', { name: 'memory.relay-1', value: 900, unit: 'MB' }, undefined],
  ];
  for (const [what, figure, verdict] of cases) {
    it(`says ${verdict ?? 'nothing'} of ${what}`, () => equal(verdictOn(figure), verdict));
  }
});

describe('asJson', () => {
  it('names value, unit, limit and ratio', () => {
    deepEqual(JSON.parse(asJson([aFigure({ value: 25_000.123_4, limit: 72_000 })])), {
      'drain.rate': { value: 25_000.1, unit: 'events/s', limit: 72_000, ratio: 0.347 },
    });
  });

  it('leaves out limit and ratio where there is no limit', () => {
    deepEqual(
      JSON.parse(asJson([{ name: 'takeover.seconds', value: 2.1, unit: 's', note: 'worst of 2.1' }])),
      {
        'takeover.seconds': { value: 2.1, unit: 's', note: 'worst of 2.1' },
      },
    );
  });
});

describe('table', () => {
  it('has a line per figure under a header, without hiding what was missed', () => {
    const lines = table([aFigure({ value: 12_345.6 }), { name: 'memory.relay-1', value: 71.25, unit: 'MB' }]);
    const cells = lines.split('\n').map((line) => line.trim().split(/ {2,}/));
    deepEqual(cells, [
      ['figure', 'value', 'unit', 'limit', 'ratio', 'target', 'verdict', 'note'],
      ['drain.rate', '12,346', 'events/s', '50,000', '0.25', '≥ 25000, ≥ 0.35 of limit', 'missed'],
      ['memory.relay-1', '71.3', 'MB'],
    ]);
  });

  it('shows three digits at the least', () => {
    deepEqual([2.345_6, 12, 123.4, 25_104.2].map(shown), ['2.35', '12.0', '123', '25,104']);
  });
});

describe('isAsked', () => {
  const cases: [string, string[], boolean][] = [
    ['latency.1000.p50', [], true],
    ['latency.1000.p50', ['latency'], true],
    ['latency.1000.p50', ['latency.1000'], true],
    ['latency.p50', ['latency.1000'], false],
    ['drain.rate', ['relay.rate', 'drain.rate'], true],
    ['drain.rate', ['drain.r'], false],
  ];
  for (const [name, only, asked] of cases) {
    it(`says ${asked} of ${name} for ${only.join() || 'everything'}`, () =>
      equal(isAsked(name, only), asked));
  }
});

import assert from 'node:assert/strict';
import type { ContextTrace } from './collect.ts';
import { hopsOf } from './hops.ts';
import { traceText } from './text.ts';

const aTrace = (overrides: Partial<ContextTrace> = {}): ContextTrace => ({
  context: 'ordering',
  published: [],
  handled: [],
  held: [],
  ...overrides,
});
const placed = {
  id: 'e1',
  type: 'ordering.order-placed.v1',
  subject: 'order/1',
  tenant: 'acme',
  time: '2026-01-01T00:00:00.010Z',
};

describe('hopsOf', () => {
  it('tells what was published and handled in the order of time, whoever was asked first', () => {
    const handled = [{ id: 'e1', at: '2026-01-01T00:00:00.014Z' }];
    const hops = hopsOf([aTrace({ context: 'shipping', handled }), aTrace({ published: [placed] })]);
    assert.deepEqual(
      hops.map(({ context, did, event }) => [context, did, event.subject]),
      [
        ['ordering', 'published', 'order/1'],
        ['shipping', 'handled', 'order/1'],
      ],
    );
    assert.deepEqual(
      hops.map(({ transitMs }) => transitMs),
      [undefined, 4],
    );
  });

  it('puts what was published before what was handled within the same millisecond', () => {
    const handled = [{ id: 'e1', at: placed.time }];
    const hops = hopsOf([aTrace({ context: 'catalog', handled }), aTrace({ published: [placed] })]);
    assert.deepEqual(
      hops.map(({ did }) => did),
      ['published', 'handled'],
    );
  });

  it('tells what a reaction published with the handling of its cause, and after it', () => {
    const scheduled = { ...placed, id: 'e2', causationid: 'e1', time: '2026-01-01T00:00:00.012Z' };
    const handled = [{ id: 'e1', at: '2026-01-01T00:00:00.014Z' }];
    const hops = hopsOf([
      aTrace({ published: [placed] }),
      aTrace({ context: 'shipping', published: [scheduled] }),
      aTrace({ context: 'shipping', handled }),
    ]);
    assert.deepEqual(
      hops.map(({ did, event, at }) => [did, event.id, at]),
      [
        ['published', 'e1', placed.time],
        ['handled', 'e1', handled[0]?.at],
        ['published', 'e2', handled[0]?.at],
      ],
    );
  });

  it('tells once what several answers tell', () => {
    const trace = aTrace({ published: [placed] });
    assert.equal(hopsOf([trace, trace]).length, 1);
  });

  it('gives the reason of what is parked, and none for what only waits', () => {
    const failure = { code: 'contract-mismatch', reason: 'no customer', at: '2026-01-01T00:00:00.020Z' };
    const held = [
      { id: 'e1', heldAt: '2026-01-01T00:00:00.020Z', failure },
      { id: 'e2', heldAt: '2026-01-01T00:00:00.030Z' },
    ];
    const hops = hopsOf([aTrace({ context: 'shipping', held })]);
    assert.deepEqual(
      hops.map(({ did, reason }) => [did, reason]),
      [
        ['parked', 'contract-mismatch: no customer'],
        ['held', undefined],
      ],
    );
  });
});

describe('traceText', () => {
  it('counts milliseconds from the first hop', () => {
    const handled = [{ id: 'e1', at: '2026-01-01T00:00:01.014Z' }];
    const text = traceText('1', hopsOf([aTrace({ published: [placed], handled })]));
    assert.match(text, /\+0 ms .*published/);
    assert.match(text, /\+1004 ms .*handled .*order\/1 {2}1004 ms on its way$/m);
  });
});

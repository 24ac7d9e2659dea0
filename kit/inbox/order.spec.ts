import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Arrival } from './arrival.ts';
import {
  type Failures,
  type Ordered,
  type Position,
  putInOrder,
  type Stored,
  UNKNOWN_STREAM,
} from './order.ts';

const STREAM = 'ordering/acme/order/1';

const anArrival = (sequence: number, overrides: Partial<Arrival> = {}): Arrival => ({
  stream: STREAM,
  sequence,
  mark: undefined,
  event: undefined,
  ...overrides,
});

const stored = (position: Partial<Position>, held: readonly Arrival[] = []): Stored => ({
  positions: new Map([[STREAM, { ...UNKNOWN_STREAM, ...position }]]),
  held: new Map([[STREAM, held]]),
});

const NOTHING: Stored = { positions: new Map(), held: new Map() };
const failing = (sequence: number): Failures =>
  new Map([[`${STREAM}#${sequence}`, { code: 'broken', reason: 'it broke', attempts: 1 }]]);

const sequences = (arrivals: readonly Arrival[]) => arrivals.map(({ sequence }) => sequence);
const summary = (ordered: Ordered) => ({
  accepted: sequences(ordered.accepted),
  held: sequences(ordered.toHold),
  parked: sequences(ordered.toPark),
  released: sequences(ordered.toRelease),
  position: ordered.positions.get(STREAM),
});

describe('putInOrder', () => {
  describe('when the stream is unknown', () => {
    it('starts at sequence 1', () => {
      const ordered = putInOrder([anArrival(1), anArrival(2)], NOTHING);
      assert.deepEqual(sequences(ordered.accepted), [1, 2]);
    });
    it('holds an event further on', () => {
      const { accepted, held, position } = summary(putInOrder([anArrival(4)], NOTHING));
      assert.deepEqual({ accepted, held }, { accepted: [], held: [4] });
      assert.deepEqual(position, { sequence: 0, held: true, parked: false });
    });
    it('starts at a mark and takes up what is held behind it', () => {
      const mark = anArrival(3, { mark: 'now' });
      const { accepted, released } = summary(
        putInOrder([mark], stored({ held: true }, [anArrival(4), anArrival(6)])),
      );
      assert.deepEqual({ accepted, released }, { accepted: [3, 4], released: [4] });
    });
  });

  describe('when the stream is known', () => {
    it('drops what is at or below its sequence', () => {
      const { accepted, held } = summary(putInOrder([anArrival(2), anArrival(3)], stored({ sequence: 3 })));
      assert.deepEqual({ accepted, held }, { accepted: [], held: [] });
    });
    it('restores the order within a batch without storing anything', () => {
      const { accepted, held } = summary(putInOrder([anArrival(5), anArrival(4)], stored({ sequence: 3 })));
      assert.deepEqual({ accepted, held }, { accepted: [4, 5], held: [] });
    });
    it('drops a mark at or below its sequence', () => {
      const { accepted } = summary(putInOrder([anArrival(3, { mark: 'snapshot' })], stored({ sequence: 3 })));
      assert.deepEqual(accepted, []);
    });
    it('releases what a mark has overtaken without accepting it', () => {
      const held = [anArrival(4), anArrival(6)];
      const ordered = summary(
        putInOrder([anArrival(5, { mark: 'snapshot' })], stored({ sequence: 2, held: true }, held)),
      );
      assert.deepEqual(ordered.accepted, [5, 6]);
      assert.deepEqual(ordered.released, [4, 6]);
    });
  });

  describe('when an event fails', () => {
    it('parks the stream there, holds what follows and accepts what precedes', () => {
      const ordered = summary(
        putInOrder(
          [1, 2, 3].map((n) => anArrival(n)),
          NOTHING,
          failing(2),
        ),
      );
      assert.deepEqual(ordered, {
        accepted: [1],
        held: [2, 3],
        parked: [2],
        released: [],
        position: { sequence: 1, held: true, parked: true },
      });
    });
    it('lets other streams flow', () => {
      const other = anArrival(1, { stream: 'ordering/acme/order/2' });
      assert.deepEqual(putInOrder([anArrival(1), other], NOTHING, failing(1)).accepted, [other]);
    });
    it('parks a held event that comes up, and keeps it stored', () => {
      const ordered = summary(
        putInOrder([anArrival(1)], stored({ held: true }, [anArrival(2), anArrival(3)]), failing(2)),
      );
      assert.deepEqual(
        [ordered.accepted, ordered.parked, ordered.held, ordered.released],
        [[1], [2], [], []],
      );
    });
  });

  describe('when the stream is parked', () => {
    const parked = stored({ sequence: 1, parked: true, held: true }, [anArrival(2)]);
    it('does not try the parked event again', () => {
      assert.deepEqual(summary(putInOrder([anArrival(2)], parked)).accepted, []);
    });
    it('holds what follows', () => {
      assert.deepEqual(summary(putInOrder([anArrival(3)], parked)).held, [3]);
    });
    it('ignores marks: only a person may skip the event that failed', () => {
      const { accepted, held } = summary(putInOrder([anArrival(9, { mark: 'now' })], parked));
      assert.deepEqual({ accepted, held }, { accepted: [], held: [] });
    });
  });

  it('accepts each event once and in order, however events are delivered, repeated and cut into batches', () => {
    const deliveries = fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(deliveries, (batches) => {
        const { accepted, position, held } = deliver(batches);
        const expected = consecutive(new Set(batches.flat()));
        assert.deepEqual(accepted, expected);
        assert.equal(position.sequence, expected.length);
        assert.equal(position.held, held.size > 0);
        assert.deepEqual(
          [...held.keys()].sort((a, b) => a - b),
          [...new Set(batches.flat())].filter((n) => n > expected.length).sort((a, b) => a - b),
        );
      }),
    );
  });
});

/** Plays batches against a store that keeps what `putInOrder` says. */
const deliver = (batches: readonly (readonly number[])[]) => {
  let position: Position = UNKNOWN_STREAM;
  const held = new Map<number, Arrival>();
  const accepted: number[] = [];
  for (const batch of batches) {
    const byOrder = [...held.values()].sort((a, b) => a.sequence - b.sequence);
    const ordered = putInOrder(
      batch.map((n) => anArrival(n)),
      stored(position, byOrder),
    );
    accepted.push(...sequences(ordered.accepted));
    for (const one of ordered.toHold) held.set(one.sequence, one);
    for (const one of ordered.toRelease) held.delete(one.sequence);
    position = ordered.positions.get(STREAM) ?? position;
  }
  return { accepted, position, held };
};

const consecutive = (delivered: ReadonlySet<number>): number[] => {
  const run: number[] = [];
  while (delivered.has(run.length + 1)) run.push(run.length + 1);
  return run;
};

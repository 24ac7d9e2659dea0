import assert from 'node:assert/strict';
import type { CommandHandler } from '../aggregate/command-handler.ts';
import { DomainError } from '../aggregate/errors.ts';
import { OUTBOX } from '../outbox/outbox.ts';
import type { Counter } from '../testing/tally.ts';
import { EVENTS, type EventDocument } from './events.ts';
import { SNAPSHOTS, type SnapshotDocument } from './snapshots.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

type Sourced = ReturnType<typeof sourcedCounter>;

/** What an adapter gives the suite: a handler of commands, and what is stored. */
export type EventStoreUnderTest = {
  readonly handler: CommandHandler;
  documents<T>(collection: string): Promise<readonly T[]>;
  /** As a release before this one stored it. */
  append(event: EventDocument): Promise<void>;
  forgetSnapshots(): Promise<void>;
  close(): Promise<void>;
};

export const counting = (counter: Sourced, id = 'one', times = 1) => ({
  keys: { counter: counter.key(id) },
  decide: ({ counter: { value } }: { counter: Counter }) => ({
    counter: Array.from({ length: times }, (_, index) => {
      return { type: 'Counted' as const, data: { counter: id, value: value + index + 1 } };
    }),
  }),
});

/** The guarantees of stored events, for every adapter. */
export const describeEventStore = (name: string, open: () => Promise<EventStoreUnderTest>): void => {
  describe(`${name} as an event store`, () => {
    const counter = sourcedCounter({ snapshotEvery: 3, inline: { collection: 'now', of: (state) => state } });
    const context = { tenant: 'acme', cause: { correlationid: 'request-1' }, actor: 'user/ada' };
    let under: EventStoreUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    const count = (of = counter, times = 1, id = 'one') =>
      under.handler.handle(counting(of, id, times), context);
    const versions = async () =>
      (await under.documents<EventDocument>(EVENTS)).map(({ id, version }) => `${id} ${version}`);
    const snapshots = () => under.documents<SnapshotDocument>(SNAPSHOTS);

    it('stores who did what and why, and numbers it', async () => {
      await count();
      const [event] = await under.documents<EventDocument>(EVENTS);
      const { _id, actor, correlationid, data, sequence } = event ?? ({} as EventDocument);
      assert.deepEqual(
        [_id, actor, correlationid, data, sequence],
        ['acme/counter/one/0000000001', 'user/ada', 'request-1', { counter: 'one', value: 1 }, 1],
      );
    });
    it('counts what is published apart from what is not', async () => {
      const silent = () => ({ counter: [{ type: 'Silent', data: {} } as never] });
      await count();
      await under.handler.handle({ keys: { counter: counter.key('one') }, decide: silent }, context);
      await count();
      const events = await under.documents<EventDocument>(EVENTS);
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        [1, 1, 2],
      );
      assert.equal((await under.documents(OUTBOX)).length, 2);
    });
    it('lets one of those who decided on the same state win, and the others decide again', async () => {
      await Promise.all(Array.from({ length: 8 }, () => count()));
      assert.deepEqual(
        await versions(),
        Array.from({ length: 8 }, (_, index) => `one ${index + 1}`),
      );
      assert.deepEqual((await under.documents<Counter>('now'))[0]?.value, 8);
    });
    it('commits the events of two aggregates together', async () => {
      const keys = { a: counter.key('a'), b: counter.key('b') };
      const one = (id: string) => [{ type: 'Counted' as const, data: { counter: id, value: 1 } }];
      await under.handler.handle({ keys, decide: () => ({ a: one('a'), b: one('b') }) }, context);
      assert.deepEqual(await versions(), ['a 1', 'b 1']);
    });
    it('leaves nothing of what aborts', async () => {
      const alsoCommit = async () => {
        throw new DomainError('refused', 'no');
      };
      await assert.rejects(under.handler.handle(counting(counter, 'one', 5), { ...context, alsoCommit }));
      for (const collection of [EVENTS, OUTBOX, SNAPSHOTS, 'now'])
        assert.deepEqual(await under.documents(collection), []);
    });
    it('takes a snapshot when enough events followed the last one', async () => {
      for (const expected of [undefined, undefined, 3, 3, 3, 6]) {
        await count();
        assert.equal((await snapshots())[0]?.version, expected);
      }
    });
    it('reads on from a snapshot, and without one the same', async () => {
      await count(counter, 4);
      const fromSnapshot = await count();
      await under.forgetSnapshots();
      assert.deepEqual([fromSnapshot.counter, (await count()).counter], [{ value: 5 }, { value: 6 }]);
    });
    it('reads no snapshot of a state of another shape', async () => {
      await count(counter, 4);
      const doubled = sourcedCounter({
        stateVersion: 2,
        evolve: (_, { data }) => ({ value: 'value' in data ? data.value * 10 : 0 }),
      });
      const { counter: state } = await under.handler.handle(
        { keys: { counter: doubled.key('one') }, decide: () => ({}) },
        context,
      );
      assert.deepEqual(state, { value: 40 });
    });
    it('removes snapshots of an older shape with the next that it takes, never those of a newer', async () => {
      const shaped = (stateVersion: number) => sourcedCounter({ snapshotEvery: 3, stateVersion });
      const taken = async () => (await snapshots()).map(({ _id, version }) => `${_id.at(-1)} ${version}`);
      await count(shaped(1), 3);
      await count(shaped(2), 3);
      assert.deepEqual(await taken(), ['2 6']);
      await count(shaped(3), 3);
      assert.deepEqual(await taken(), ['3 9']);
      await count(shaped(2), 3);
      assert.deepEqual(await taken(), ['2 12', '3 9']);
    });
    it('brings events of an older release into today’s shape', async () => {
      await count();
      const [first] = await under.documents<EventDocument>(EVENTS);
      assert.ok(first);
      const old = { _id: 'acme/counter/one/0000000002', version: 2, type: 'Counted', data: { count: 7 } };
      await under.append({ ...first, ...old });
      const upcast = sourcedCounter({
        upcast: ({ type, data }) => ({
          type,
          data: { value: (data as { count: number }).count, ...(data as object) },
        }),
      });
      assert.deepEqual((await count(upcast)).counter, { value: 8 });
    });
    it('does not take a stream for another whose id begins the same', async () => {
      await count(counter, 1, 'one/0');
      await count(counter, 1, 'one');
      assert.deepEqual((await count()).counter, { value: 2 });
    });
    it('reads many streams at once, each with its own snapshot', async () => {
      await count(counter, 4, 'a');
      await count(counter, 2, 'b');
      const keys = { many: ['a', 'b', 'c'].map((id) => counter.key(id)) };
      const { many } = await under.handler.handle({ keys, decide: () => ({}) }, context);
      assert.deepEqual(many, [{ value: 4 }, { value: 2 }, { value: 0 }]);
    });
  });
};

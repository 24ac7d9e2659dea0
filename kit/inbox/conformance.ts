import assert from 'node:assert/strict';
import type { OutboxDocument } from '../outbox/outbox.ts';
import { aBatch, aCounted, aMark } from '../testing/a-batch.ts';
import { poison } from '../testing/tally.ts';
import type { ParkedEvent } from './held.ts';
import type { Inbox } from './inbox.ts';

/** What an adapter gives the suite: inboxes with the reactions of `testing/tally.ts`, and what came of them. */
export type InboxUnderTest = {
  /** One more process's inbox over the same store. */
  open(): Inbox;
  /** The values of a tally, in the order in which they took effect. */
  values(id?: string, tenant?: string): Promise<readonly number[]>;
  published(): Promise<readonly OutboxDocument[]>;
  parked(): Promise<readonly ParkedEvent[]>;
  /** Events that are stored because others are missing or failed. */
  held(): Promise<number>;
  /** Batches that are recorded with an event. */
  handled(eventId: string): Promise<number>;
  /** Processes died this often with an event in hand. */
  diedWith(eventName: string, times: number): Promise<void>;
  close(): Promise<void>;
};

const STREAM = 'counting/acme/counter/one';

/** The guarantees of `inbox.ts`, for every adapter of its port. */
export const describeInbox = (name: string, openStore: () => Promise<InboxUnderTest>): void => {
  describe(`${name} as an inbox`, () => {
    let under: InboxUnderTest;
    let inbox: Inbox;
    const handle = (...entries: unknown[]) => inbox.handle(aBatch(entries));
    beforeEach(async () => {
      under = await openStore();
      inbox = under.open();
      Object.assign(poison, { isFixed: false, attempts: 0 });
    });
    afterEach(() => under.close());

    describe('when events come in order', () => {
      it('lets each take effect and publishes what follows, in one transaction', async () => {
        await handle(aCounted(1), aCounted(2));
        assert.deepEqual(await under.values(), [1, 2]);
        assert.deepEqual(
          (await under.published()).map(({ sequence, type }) => [sequence, type]),
          [
            [1, 'tallying.tallied.v1'],
            [2, 'tallying.tallied.v1'],
          ],
        );
      });
      it('names the event as the cause of what follows', async () => {
        const event = aCounted(1, { correlationid: 'request-1' });
        await handle(event);
        const follows = JSON.parse((await under.published())[0]?.event ?? '{}');
        assert.deepEqual([follows.causationid, follows.correlationid], [event.id, 'request-1']);
      });
      it('keeps the batch for a trace', async () => {
        const event = aCounted(1);
        await handle(event);
        assert.deepEqual(await under.handled(event.id), 1);
      });
      it('keeps tenants apart', async () => {
        await handle(aCounted(1), aCounted(1, { tenant: 'globex' }));
        assert.deepEqual(
          [await under.values('one', 'acme'), await under.values('one', 'globex')],
          [[1], [1]],
        );
      });
    });

    describe('when events come again', () => {
      it('drops them', async () => {
        const [one, two] = [aCounted(1), aCounted(2)];
        await handle(one, two);
        await handle(one, two, aCounted(3));
        assert.deepEqual(await under.values(), [1, 2, 3]);
      });
      it('drops them when two processes handle them at once', async () => {
        const events = [1, 2, 3, 4, 5].map((n) => aCounted(n));
        await Promise.all([1, 2, 3, 4].map(() => under.open().handle(aBatch(events))));
        assert.deepEqual(await under.values(), [1, 2, 3, 4, 5]);
        assert.equal((await under.published()).length, 5);
      });
    });

    describe('when an event is missing', () => {
      it('stores those behind it and lets them take effect once it comes', async () => {
        await handle(aCounted(3), aCounted(2));
        assert.deepEqual(await under.values(), []);
        await handle(aCounted(1));
        assert.deepEqual(await under.values(), [1, 2, 3]);
        assert.equal(await under.held(), 0);
      });
      it('closes the gap with a bare event, which has no effect', async () => {
        await handle(aCounted(3));
        await handle(aCounted(1), {
          source: 'counting',
          tenant: 'acme',
          subject: 'counter/one',
          sequence: 2,
        });
        assert.deepEqual(await under.values(), [1, 3]);
      });
      it('takes up more than it reads at once', async () => {
        await handle(...Array.from({ length: 2_300 }, (_, index) => aCounted(index + 2)));
        await handle(aCounted(1));
        assert.equal((await under.values()).length, 2_301);
      });
    });

    describe('when it joins a subject', () => {
      it('goes on behind a mark', async () => {
        await handle(aCounted(5), aMark(4));
        assert.deepEqual(await under.values(), [5]);
      });
      it('takes the state of a snapshot', async () => {
        const type = 'counting.counter-snapshot.v1';
        await handle(aMark(4, { type, mark: 'snapshot', data: { counter: 'one', value: 7 } }), aCounted(5));
        assert.deepEqual(await under.values(), [1_007, 5]);
      });
    });

    describe('when an event fails for good', () => {
      const bad = (sequence: number) =>
        aCounted(sequence, { data: { counter: 'one', value: sequence, poison: 'terminal' } });
      it('parks it at once with the reason, and all behind it wait, while other subjects flow', async () => {
        await handle(aCounted(1), bad(2), aCounted(3), aCounted(1, { subject: 'counter/two' }));
        assert.deepEqual([await under.values(), await under.values('two')], [[1], [1]]);
        const [parked] = await under.parked();
        assert.deepEqual([parked?.stream, parked?.sequence, parked?.behind], [STREAM, 2, 1]);
        assert.deepEqual([parked?.failure.code, parked?.failure.attempts], ['refused', 1]);
        assert.equal(poison.attempts, 1);
      });
      it('does not try it again when it is delivered again', async () => {
        const event = bad(1);
        await handle(event);
        await handle(event);
        assert.equal(poison.attempts, 1);
      });
      it('parks what does not match the contract, naming the field', async () => {
        await handle(aCounted(1, { data: { counter: 'one', value: 'many' } }));
        const [parked] = await under.parked();
        assert.equal(parked?.failure.code, 'contract-mismatch');
        assert.match(parked?.failure.reason ?? '', /value/);
      });
      it('parks what nobody can read, although it had to wait for its turn, until it is discarded', async () => {
        const unreadable = { source: 'counting', tenant: 'acme', subject: 'counter/one', sequence: 2 };
        await handle({ ...unreadable, unreadable: 'its text is no JSON' }, aCounted(3));
        await handle(aCounted(1));
        const [parked] = await under.parked();
        assert.deepEqual(
          [parked?.sequence, parked?.failure.code, parked?.failure.reason, parked?.behind],
          [2, 'unreadable-event', 'its text is no JSON', 1],
        );
        await inbox.discard(STREAM);
        assert.deepEqual(await under.values(), [1, 3]);
      });
      it('goes on in order when it is redriven after the fault was mended', async () => {
        await handle(bad(1), aCounted(2));
        await handle(aCounted(3));
        poison.isFixed = true;
        await inbox.redrive(STREAM);
        assert.deepEqual(await under.values(), [1, 2, 3]);
        assert.deepEqual(await under.parked(), []);
        await handle(aCounted(4));
        assert.deepEqual(await under.values(), [1, 2, 3, 4]);
      });
      it('parks again when it is redriven before', async () => {
        await handle(bad(1), aCounted(2));
        await inbox.redrive(STREAM);
        assert.equal((await under.parked())[0]?.sequence, 1);
        assert.deepEqual(await under.values(), []);
      });
      it('goes on without it when it is discarded', async () => {
        await handle(bad(1), aCounted(2), bad(3), aCounted(4));
        await inbox.discard(STREAM);
        assert.deepEqual(await under.values(), [2]);
        assert.equal((await under.parked())[0]?.sequence, 3);
      });
    });

    describe('when an event fails with an unknown error', () => {
      it('parks after five attempts', async () => {
        await handle(
          aCounted(1, { data: { counter: 'one', value: 1, poison: 'unknown' } }),
          aCounted(1, { subject: 'counter/two' }),
        );
        assert.equal(poison.attempts, 5);
        assert.equal((await under.parked())[0]?.failure.attempts, 5);
        assert.deepEqual(await under.values('two'), [1]);
      });
    });

    describe('when the process died with a batch in hand', () => {
      it('handles what it had not committed event by event', async () => {
        const events = [aCounted(1), aCounted(2)];
        await inbox.handle(aBatch(events.slice(0, 1)));
        await inbox.handle(aBatch(events, { deliveries: 2 }));
        assert.deepEqual(await under.values(), [1, 2]);
      });
      it('parks the event that it died with three times', async () => {
        const batch = aBatch([aCounted(1), aCounted(1, { subject: 'counter/two' })], { deliveries: 4 });
        await under.diedWith(`${STREAM}#1`, 2);
        await inbox.handle(batch);
        assert.deepEqual([await under.values(), await under.values('two')], [[], [1]]);
        assert.equal((await under.parked())[0]?.failure.code, 'handler-died');
      });
      it('gives an event another try until then', async () => {
        await under.diedWith(`${STREAM}#1`, 1);
        await inbox.handle(aBatch([aCounted(1)], { deliveries: 3 }));
        assert.deepEqual(await under.values(), [1]);
      });
    });
  });
};

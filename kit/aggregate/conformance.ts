import assert from 'node:assert/strict';
import { type Cause, type CloudEvent, MAX_EVENT_BYTES } from '../event/cloud-event.ts';
import type { OutboxDocument } from '../outbox/outbox.ts';
import type { Counter, counter } from '../testing/tally.ts';
import type { Command, CommandHandler } from './command-handler.ts';
import { DomainError } from './errors.ts';

/** What an adapter gives the suite: a handler of commands on the counters of `testing/tally.ts`. */
export type CommandHandlerUnderTest = {
  /** The counter, stored in the adapter's way. */
  readonly counter: Pick<typeof counter, 'key'>;
  readonly handler: CommandHandler;
  /** A counter's stored state; undefined while nothing of it is stored. */
  stored(id: string, tenant?: string): Promise<Counter | undefined>;
  /** All that a relay would find, by id. */
  published(): Promise<readonly OutboxDocument[]>;
  close(): Promise<void>;
};

const context = { tenant: 'acme', cause: { correlationid: 'request-1' } satisfies Cause };

/** The guarantees of `command-handler.ts`, for every adapter of its port. */
export const describeCommandHandler = (name: string, open: () => Promise<CommandHandlerUnderTest>): void => {
  describe(`${name} as a command handler`, () => {
    let under: CommandHandlerUnderTest;
    let handler: CommandHandler;
    let keys: { counter: ReturnType<typeof counter.key> };
    /** Counts one up. */
    let increment: Command<typeof keys>;
    const sequences = async () => (await under.published()).map(({ sequence }) => sequence);
    const assertNothingIsWritten = async () =>
      assert.deepEqual([await under.published(), await under.stored('one')], [[], undefined]);
    beforeEach(async () => {
      under = await open();
      handler = under.handler;
      keys = { counter: under.counter.key('one') };
      increment = {
        keys,
        decide: ({ counter: { value } }) => ({
          counter: [{ type: 'Counted', data: { counter: 'one', value: value + 1 } }],
        }),
      };
    });
    afterEach(() => under.close());

    describe('when a command is decided', () => {
      it('commits state and events together, and answers with the states after it', async () => {
        await handler.handle(increment, context);
        const states = await handler.handle(increment, context);
        assert.deepEqual([states.counter, await under.stored('one')], [{ value: 2 }, { value: 2 }]);
        const events = (await under.published()).map(({ event }) => JSON.parse(event));
        assert.deepEqual(
          events.map(({ sequence, data }) => [sequence, data.value]),
          [
            ['0000000001', 1],
            ['0000000002', 2],
          ],
        );
      });
      it('names the request as the cause of its events', async () => {
        await handler.handle(increment, context);
        const event: CloudEvent = JSON.parse((await under.published())[0]?.event ?? '{}');
        assert.equal(event.correlationid, 'request-1');
      });
      it('keeps tenants apart', async () => {
        await handler.handle(increment, context);
        const { counter } = await handler.handle(increment, { ...context, tenant: 'globex' });
        assert.deepEqual([counter.value, await sequences()], [1, [1, 1]]);
      });
      it('writes nothing when nothing follows from it', async () => {
        const states = await handler.handle({ keys, decide: () => ({ counter: [] }) }, context);
        assert.deepEqual(states.counter, { value: 0 });
        await assertNothingIsWritten();
      });
    });

    describe('when others are faster', () => {
      it('decides again on the new state, and loses nothing', async () => {
        await Promise.all(Array.from({ length: 8 }, () => handler.handle(increment, context)));
        assert.deepEqual(await sequences(), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert.deepEqual(await under.stored('one'), { value: 8 });
      });
    });

    describe('when more commits with a command', () => {
      it('tells it the states after the command', async () => {
        const told: unknown[] = [];
        const alsoCommit = async (_: unknown, states: unknown) => void told.push(states);
        await handler.handle(increment, { ...context, alsoCommit });
        assert.deepEqual(told, [{ counter: { value: 1 } }]);
      });
      it('writes nothing when that fails', async () => {
        const alsoCommit = async () => {
          throw new Error('cannot record the answer');
        };
        await assert.rejects(handler.handle(increment, { ...context, alsoCommit }), /cannot record/);
        await assertNothingIsWritten();
      });
    });

    describe('when a command is refused', () => {
      it('writes nothing, and the error is the one of the rule', async () => {
        const decide = () => {
          throw new DomainError('refused', 'the counter is full');
        };
        await assert.rejects(handler.handle({ keys, decide }, context), { code: 'refused' });
        await assertNothingIsWritten();
      });
      it('writes nothing when an event is above 1 MB', async () => {
        const decide = () => ({
          counter: [{ type: 'Counted' as const, data: { counter: 'x'.repeat(MAX_EVENT_BYTES), value: 1 } }],
        });
        await assert.rejects(handler.handle({ keys, decide }, context), { code: 'event-too-large' });
        await assertNothingIsWritten();
      });
    });
  });
};

import assert from 'node:assert/strict';
import { type Db, Timestamp } from 'mongodb';
import type { AggregateDocument } from '../kit/aggregate/aggregate.ts';
import { mongoCommandHandler } from '../kit/aggregate/command-handler.ts';
import type { StartMode } from '../kit/event/cloud-event.ts';
import { mongoInbox } from '../kit/inbox/inbox.ts';
import { OUTBOX } from '../kit/outbox/outbox.ts';
import { answerJoinRequests } from '../kit/outbox/write-marks.ts';
import { counter, counterLanguage, type Tally, tallyLanguage, tallyReactions } from '../kit/testing/tally.ts';
import { type Harness, logger, openHarness, until } from './testing/harness.ts';

describe('joining', () => {
  let harness: Harness;
  let tallies: Db;
  let stopping: AbortController;

  /** The upstream counts as it would by commands, so that its documents carry their sequences. */
  const count = async (name: string, ...values: number[]) => {
    const handler = mongoCommandHandler(harness.client, harness.source, counterLanguage);
    const keys = { counter: counter.key(name) };
    for (const value of values) {
      const decide = () => ({ counter: [{ type: 'Counted' as const, data: { counter: name, value } }] });
      await handler.handle({ keys, decide }, { tenant: 'acme', cause: {} });
    }
  };
  const join = async (start: StartMode) => {
    const { client } = harness;
    const { signal } = stopping;
    const inbox = mongoInbox({
      client,
      db: tallies,
      language: tallyLanguage,
      reactions: tallyReactions,
      signal,
      logger,
    });
    harness.receive('tallying', inbox.handle);
    harness.map = harness.mapOf({ consumers: [{ name: 'tallying', start }] });
    const marking = { db: harness.source, language: counterLanguage, aggregates: [counter], logger };
    void answerJoinRequests(marking as unknown as Parameters<typeof answerJoinRequests>[0], signal);
    harness.startRelay();
    await until(async () => {
      const found = await harness.relayDb.collection<{ joined: string[] }>('watermarks').findOne();
      return found !== null && found['joined'].length > 0;
    });
  };
  const valuesOf = async (name: string) =>
    (await tallies.collection<AggregateDocument<Tally>>('tallies').findOne({ _id: `acme/${name}` }))?.state
      .values ?? [];

  beforeEach(async () => {
    stopping = new AbortController();
    harness = await openHarness();
    tallies = harness.client.db(`${harness.source.databaseName}-t`);
  });
  afterEach(async () => {
    stopping.abort();
    await tallies.dropDatabase();
    await harness.stop();
  });

  it('at now, gets what is counted from then on', async () => {
    await count('one', 1, 2);
    await join('now');
    await count('one', 3);
    await count('two', 1);
    await until(async () => (await valuesOf('one')).length + (await valuesOf('two')).length >= 2);
    assert.deepEqual([await valuesOf('one'), await valuesOf('two')], [[3], [1]]);
  });
  it('at retained, gets everything that is still kept, in order', async () => {
    await count('one', 1, 2, 3);
    await count('two', 1);
    await harness.source.collection(OUTBOX).deleteMany({ subject: 'counter/one', sequence: 1 });
    await join('retained');
    await count('one', 4);
    await until(async () => (await valuesOf('one')).length + (await valuesOf('two')).length >= 4);
    assert.deepEqual([await valuesOf('one'), await valuesOf('two')], [[2, 3, 4], [1]]);
  });
  it('at retained, goes on with a subject of which nothing is kept', async () => {
    await count('one', 1, 2);
    await harness.source.collection(OUTBOX).deleteMany({ at: { $gt: new Timestamp(0n) } });
    await join('retained');
    await count('one', 3);
    await until(async () => (await valuesOf('one')).length >= 1);
    assert.deepEqual(await valuesOf('one'), [3]);
  });
  it('at snapshot, gets the state and what follows it', async () => {
    await count('one', 1, 2);
    await join('snapshot');
    await count('one', 3);
    await until(async () => (await valuesOf('one')).length >= 2);
    assert.deepEqual(await valuesOf('one'), [1_002, 3]);
  });
  it('brings a tenant that is new in the map its marks', async () => {
    await count('one', 1, 2);
    await join('now');
    const { map } = harness;
    const [context] = map.contexts;
    assert.ok(context);
    harness.map = {
      ...map,
      tenants: [...map.tenants, { id: 'acme', cell: harness.cell, contexts: ['counting', 'tallying'] }],
    };
    await until(async () => {
      const found = await harness.relayDb.collection<{ joined: string[] }>('watermarks').findOne();
      return found?.['joined'].includes('counting/counter/acme') === true;
    });
  });
});

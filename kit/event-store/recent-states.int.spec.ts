import assert from 'node:assert/strict';
import { type Db, MongoClient, Timestamp } from 'mongodb';
import { Registry } from 'prom-client';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { OUTBOX } from '../outbox/outbox.ts';
import { counterLanguage } from '../testing/tally.ts';
import { counting } from './conformance.ts';
import { EVENTS } from './events.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { streamReadMetrics } from './metrics.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

const counter = sourcedCounter({ snapshotEvery: 5 });

describe('states that were read lately', () => {
  let client: MongoClient;
  let db: Db;
  beforeEach(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    db = client.db(freshDatabase('recent'));
    await createEventStoreIndexes(db, [counter.key('').aggregate]);
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  /** As of a process with a memory of its own. */
  const aProcess = () => {
    const own = client.db(db.databaseName);
    const registry = new Registry();
    streamReadMetrics(own, registry);
    const handler = mongoCommandHandler(client, own, counterLanguage);
    return {
      count: async (id: string, times = 1) => {
        const command = counting(counter, id, times);
        return (await handler.handle(command, { tenant: 'acme', cause: {} })).counter.value;
      },
      reads: async () => {
        const [metric] = await registry.getMetricsAsJSON();
        return Object.fromEntries(metric?.values.map(({ labels, value }) => [labels['from'], value]) ?? []);
      },
    };
  };

  it('are read on from, but right after a snapshot was taken', async () => {
    const { count, reads } = aProcess();
    for (let n = 1; n <= 7; n += 1) assert.equal(await count('a'), n);
    // Before the first event, and of the first; in memory until the fifth; from its snapshot, and in memory again.
    assert.deepEqual(await reads(), { first: 2, memory: 3, snapshot: 2 });
  });
  it('take in what other processes commit', async () => {
    const [one, other] = [aProcess(), aProcess()];
    for (let n = 1; n <= 12; n += 2) {
      assert.equal(await one.count('a'), n);
      assert.equal(await other.count('a'), n + 1);
    }
    assert.equal(await one.count('a', 7), 19);
    assert.equal(await other.count('a'), 20);
  });
  it('are given up when a restore put the stream back', async () => {
    const { count } = aProcess();
    for (let n = 1; n <= 4; n += 1) await count('a');
    await db.collection(EVENTS).deleteMany({ version: { $gt: 2 } });
    await db.collection(OUTBOX).deleteMany({ sequence: { $gt: 2 } });
    assert.equal(await count('a'), 3);
  });
  it('are given up when the stream holds another event in the place of the last', async () => {
    const { count } = aProcess();
    for (let n = 1; n <= 3; n += 1) await count('a');
    const second = await db.collection(EVENTS).findOneAndDelete({ version: 2 });
    assert.ok(second);
    await db.collection(EVENTS).deleteMany({ version: 3 });
    await db.collection(OUTBOX).deleteMany({ sequence: 3 });
    const other = { ...second, at: new Timestamp(0n), data: { counter: 'a', value: 70 } };
    await db.collection(EVENTS).insertOne(other);
    assert.equal(await count('a'), 71);
  });
});

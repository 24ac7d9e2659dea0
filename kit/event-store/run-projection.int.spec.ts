import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { Registry } from 'prom-client';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { activeCollection, BUILDS, type Build } from './builds.ts';
import { createEventStoreIndexes } from './indexes.ts';
import type { Projection } from './projection.ts';
import { journal, until } from './testing/journal.ts';
import { projecting } from './testing/projecting.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

const counter = sourcedCounter();

describe('a projection', function () {
  this.timeout(60_000);
  let client: MongoClient;
  let db: Db;
  let journals: ReturnType<typeof projecting>;
  let running: { stop(): Promise<void> }[];

  beforeEach(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    db = client.db(freshDatabase('projections'));
    journals = projecting(client, db);
    await createEventStoreIndexes(db, [counter.key('').aggregate]);
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await db.dropDatabase();
    await client.close();
  });

  const start = (...given: Parameters<typeof journals.start>) => {
    const one = journals.start(...given);
    running.push(one);
    return one;
  };
  const lines = () => journals.lines();
  const has = (expected: number) => journals.has(expected);
  const count = (id: string, times?: number) => journals.count(id, times);

  it('is built of what is there, and follows what comes', async () => {
    await count('a', 3);
    start();
    await has(3);
    await count('b', 2);
    await has(5);
    assert.deepEqual(await lines(), ['a 1', 'a 2', 'a 3', 'b 1', 'b 2']);
  });
  it('takes events in the order of their commits, and misses none that commits late', async () => {
    await count('first');
    start();
    await has(1);
    const late = await journals.countLate('late');
    await delay(100);
    await count('quick');
    await has(2);
    await late.commit();
    await has(3);
    assert.deepEqual(await lines(), ['first 1', 'quick 1', 'late 1']);
  });
  it('misses nothing that was written but not committed when the build began', async () => {
    const late = await journals.countLate('late');
    await delay(100);
    await count('quick');
    start();
    await has(1);
    await late.commit();
    await has(2);
    assert.deepEqual(await lines(), ['quick 1', 'late 1']);
  });
  it('is done by one of several processes, and by another when that one stops', async () => {
    const all = [start(), start(), start()];
    for (const one of all) {
      await count('a', 5);
      await has(5 * (all.indexOf(one) + 1));
      if (one !== all.at(-1)) await one.stop();
    }
    assert.equal(new Set(await lines()).size, 15);
  });
  it('goes on exactly where a process that froze with a batch in hand stopped', async () => {
    const frozen = Promise.withResolvers<void>();
    let isStuck = false;
    const stuck = journal({
      project: async () => {
        isStuck = true;
        await frozen.promise;
        throw new Error('it woke up');
      },
    });
    await count('a', 3);
    start(stuck);
    await until('the freeze', async () => isStuck);
    start();
    await has(3);
    frozen.resolve();
    await count('a', 2);
    await has(5);
  });
  it('goes on when a process died with a transaction open', async () => {
    await count('a', 3);
    const first = start();
    await has(3);
    await first.stop();
    const session = client.startSession();
    session.startTransaction();
    await db.collection<Build>(BUILDS).updateOne({}, { $inc: { epoch: 1 } }, { session });
    start();
    await count('a', 2);
    await has(5);
    await assert.rejects(session.commitTransaction());
    await session.endSession();
  });
  it('waits in place for what fails, and steps over nothing', async () => {
    let failures = 0;
    const { project } = journal();
    start(
      journal({
        project: async (events, target) => {
          await project(events, target);
          if (failures++ < 3) throw new Error('it fails after it wrote');
        },
      }),
    );
    await count('a', 4);
    await has(4);
  });
  it('is built anew beside the one in use while writes go on, and takes its place', async () => {
    await count('a', 20);
    const old = start();
    await has(20);
    const before = await activeCollection(db, 'journal');
    let isWriting = true;
    let written = 20;
    const writing = (async () => {
      for (; isWriting; written += 1) await count(`b${written}`);
    })();
    start(journal({ version: 2 }));
    await until('the swap', async () => (await activeCollection(db, 'journal')) !== before);
    isWriting = false;
    await writing;
    await has(written);
    await old.stop();
    assert.equal(new Set(await lines()).size, written);
    assert.equal(await activeCollection(db, 'journal'), 'journal_v2_1');
    await until('the old one to be dropped', async () => {
      const names = await db.listCollections({ name: before ?? '' }).toArray();
      return names.length === 0;
    });
  });
  it('tells how many events took effect and how far behind it is, growing while it stands still', async () => {
    const registry = new Registry();
    const told = async (name: string) =>
      (await registry.getMetricsAsJSON()).find((one) => one.name === `cadastre_projection_${name}`)?.values[0]
        ?.value;
    let isBroken = false;
    const { project } = journal();
    const breaking: Projection['project'] = async (...given) => {
      if (isBroken) throw new Error('it is broken');
      await project(...given);
    };
    start(journal({ project: breaking }), counter, registry);
    await count('a', 3);
    await has(3);
    await until('it to be told', async () => (await told('events_total')) === 3);
    isBroken = true;
    await count('a');
    await until('the lag to grow', async () => Number(await told('lag_seconds')) > 2);
    isBroken = false;
    await has(4);
    await until('the lag to be gone', async () => Number(await told('lag_seconds')) < 1);
    assert.equal(await told('events_total'), 4);
    const other = new Registry();
    start(journal(), counter, other);
    const [lag] = (await other.getMetricsAsJSON()).filter(({ name }) => name.endsWith('lag_seconds'));
    assert.deepEqual(lag?.values, []);
  });
  it('sees events in today’s shape', async () => {
    await count('a');
    const seen: unknown[] = [];
    const upcast = sourcedCounter({ upcast: ({ type, data }) => ({ type, data: { was: data } }) });
    const project: Projection['project'] = async (events) =>
      void seen.push(...events.map(({ data }) => data));
    start(journal({ project }), upcast);
    await until('the event', async () => seen.length === 1);
    assert.deepEqual(seen, [{ was: { counter: 'a', value: 1 } }]);
  });
});

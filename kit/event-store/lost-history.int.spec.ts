import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { counterLanguage } from '../testing/tally.ts';
import { activeCollection, BUILDS, type Build } from './builds.ts';
import { counting } from './conformance.ts';
import { followEvents, HistoryLost } from './event-stream.ts';
import { EVENTS, type EventDocument } from './events.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { operationTime, placeOf, readEventsAsOf } from './read-events.ts';
import { runProjection } from './run-projection.ts';
import { journal, type Line, until } from './testing/journal.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

const counter = sourcedCounter();

describe('a projection that MongoDB no longer lets go on where it was', function () {
  this.timeout(120_000);
  let servers: Servers;
  let client: MongoClient;
  before(async () => {
    servers = await startServers({ oplogSizeMb: 1, checkpointSeconds: 1, cacheGb: 0.5 });
    client = await MongoClient.connect(servers.mongodbUri, { appName: 'cadastre' });
  });
  after(async () => {
    await client.close();
    await servers.stop();
  });

  const open = async (name: string) => {
    const db = client.db(name);
    const aggregates = [counter.key('').aggregate];
    await createEventStoreIndexes(db, aggregates);
    const handler = mongoCommandHandler(client, db, counterLanguage);
    const count = (id: string, times = 1, alsoCommit = async () => undefined) =>
      handler.handle(counting(counter, id, times), { tenant: 'acme', cause: {}, alsoCommit });
    const start = () => {
      const stopping = new AbortController();
      const deps = { client, db, aggregates, logger: pino({ level: 'silent' }) };
      const done = runProjection(deps, journal(), stopping.signal);
      return async () => {
        stopping.abort();
        await done;
      };
    };
    const lines = async () => {
      const active = await activeCollection(db, 'journal');
      if (active === undefined) return [];
      const found = await db.collection<Line>(active).find().sort({ n: 1 }).toArray();
      return found.map(({ _id }) => _id);
    };
    const has = (expected: number) =>
      until(`${expected} lines`, async () => (await lines()).length === expected);
    return { db, count, start, lines, has };
  };
  const isLost = (act: () => Promise<unknown>): Promise<boolean> =>
    act().then(
      () => false,
      (error) => error instanceof HistoryLost,
    );

  it('is built anew when the oplog lost its checkpoint, and misses nothing', async () => {
    const { db, count, start, has } = await open('lost');
    await count('a', 2);
    const stop = start();
    await has(2);
    await stop();
    await count('a', 2);

    const token = (await db.collection<Build>(BUILDS).findOne({}))?.token;
    assert.ok(token);
    const resume = async () => {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => ({ text: letter.repeat(1_000_000) }));
      await db.collection('filler').insertMany(texts);
      const stream = followEvents(db, ['counter'], { resumeAfter: token });
      await stream.next();
      await stream.next().finally(() => stream.return(undefined));
    };
    await until('the oplog to forget', () => isLost(resume));

    const stopAgain = start();
    await has(4);
    await stopAgain();
    assert.equal(await activeCollection(db, 'journal'), 'journal_v1_2');
  });

  it('is built anew when an event committed below what was read, rather than read one of its stream before it', async () => {
    const { db, count, start, has, lines } = await open('late');
    const late = Promise.withResolvers<undefined>();
    const written = Promise.withResolvers<undefined>();
    const slow = count('late', 1, () => {
      written.resolve(undefined);
      return late.promise;
    });
    await written.promise;
    await count('quick');
    const asOf = await operationTime(db);
    const quick = await db.collection<EventDocument>(EVENTS).findOne({ id: 'quick' });
    assert.ok(quick);
    const half: Build = {
      ...{ _id: 'journal_v1_1', name: 'journal', version: 1, n: 1, owner: '', epoch: 0, until: new Date(0) },
      read: [{ asOf, upTo: placeOf(quick) }],
    };
    await db.collection<Build>(BUILDS).insertOne(half);
    await db.collection<Line>('journal_v1_1').insertOne({ _id: 'quick 1', n: 0 });
    late.resolve(undefined);
    await slow;
    await count('late');

    const remember = async (seconds: number) =>
      void (await client
        .db('admin')
        .command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: seconds }));
    await remember(0);
    await until('the server to forget', async () => {
      await count('other');
      await delay(20);
      return await isLost(() => readEventsAsOf(db, { kinds: ['counter'], after: undefined, asOf }));
    });
    await remember(300);
    const expected = await db.collection(EVENTS).countDocuments();
    const stop = start();
    await has(expected);
    await stop();
    const ofLate = (await lines()).filter((line) => line.startsWith('late'));
    assert.deepEqual(ofLate, ['late 1', 'late 2']);
    assert.equal(await activeCollection(db, 'journal'), 'journal_v1_2');
  });
});

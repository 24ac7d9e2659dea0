import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { activeCollection, BUILDS, type Build } from './builds.ts';
import { followEvents, HistoryLost } from './event-stream.ts';
import { EVENTS, type EventDocument } from './events.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { operationTime, placeOf, readEventsAsOf } from './read-events.ts';
import { type Line, until } from './testing/journal.ts';
import { projecting } from './testing/projecting.ts';
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
    await createEventStoreIndexes(db, [counter.key('').aggregate]);
    return { db, ...projecting(client, db) };
  };
  const isLost = (act: () => Promise<unknown>): Promise<boolean> =>
    act().then(
      () => false,
      (error) => error instanceof HistoryLost,
    );

  it('is built anew when the oplog lost its checkpoint, and misses nothing', async () => {
    const { db, count, start, has } = await open('lost');
    await count('a', 2);
    const running = start();
    await has(2);
    await running.stop();
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

    const again = start();
    await has(4);
    await again.stop();
    assert.equal(await activeCollection(db, 'journal'), 'journal_v1_2');
  });

  it('is built anew when an event committed below what was read, rather than read one of its stream before it', async () => {
    const { db, count, countLate, start, has, lines } = await open('late');
    const late = await countLate('late');
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
    await late.commit();
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
    const running = start();
    await has(expected);
    await running.stop();
    const ofLate = (await lines()).filter((line) => line.startsWith('late'));
    assert.deepEqual(ofLate, ['late 1', 'late 2']);
    assert.equal(await activeCollection(db, 'journal'), 'journal_v1_2');
  });
});

import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { counterLanguage } from '../testing/tally.ts';
import { activeCollection, BUILDS, type Build } from './builds.ts';
import { counting } from './conformance.ts';
import { followEvents, HistoryLost } from './event-stream.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { runProjection } from './run-projection.ts';
import { journal, type Line, until } from './testing/journal.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

const counter = sourcedCounter();

describe('a projection whose checkpoint the oplog no longer reaches', function () {
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

  it('is built anew, and misses nothing', async () => {
    const db = client.db('lost');
    const aggregates = [counter.key('').aggregate];
    await createEventStoreIndexes(db, aggregates);
    const handler = mongoCommandHandler(client, db, counterLanguage);
    const count = (times: number) =>
      handler.handle(counting(counter, 'a', times), { tenant: 'acme', cause: {} });
    const start = () => {
      const stopping = new AbortController();
      const deps = { client, db, aggregates, logger: pino({ level: 'silent' }) };
      const done = runProjection(deps, journal(), stopping.signal);
      return async () => {
        stopping.abort();
        await done;
      };
    };
    const has = (expected: number) =>
      until(`${expected} lines`, async () => {
        const name = await activeCollection(db, 'journal');
        return name !== undefined && (await db.collection<Line>(name).countDocuments()) === expected;
      });
    await count(2);
    const stop = start();
    await has(2);
    await stop();
    await count(2);

    const token = (await db.collection<Build>(BUILDS).findOne({}))?.token;
    assert.ok(token);
    const isLost = async () => {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => ({ text: letter.repeat(1_000_000) }));
      await db.collection('filler').insertMany(texts);
      const stream = followEvents(db, ['counter'], { resumeAfter: token });
      try {
        await stream.next();
        await stream.next();
        return false;
      } catch (error) {
        return error instanceof HistoryLost;
      } finally {
        await stream.return(undefined);
      }
    };
    await until('the oplog to forget', isLost);

    const stopAgain = start();
    await has(4);
    await stopAgain();
    assert.equal(await activeCollection(db, 'journal'), 'journal_v1_2');
  });
});

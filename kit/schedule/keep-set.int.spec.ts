import assert from 'node:assert/strict';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, freshRedisPrefix, testServers } from '../../local/servers/for-tests.ts';
import { keepSet } from './keep-set.ts';
import type { Schedule } from './schedule.ts';

const run = async () => undefined;
const yearly: Schedule = { name: 'yearly', every: '0 0 29 2 *', run };
const often: Schedule = { name: 'often', every: 1_000, run };

describe('keepSet', () => {
  let redis: Redis;
  let client: MongoClient;
  let db: Db;
  let queue: Queue;
  beforeEach(async () => {
    const { mongodbUri, redisUrl } = await testServers();
    redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    client = new MongoClient(mongodbUri);
    db = client.db(freshDatabase('keep_set'));
    queue = new Queue('schedule', { prefix: freshRedisPrefix('keep-set'), connection: redis });
  });
  afterEach(async () => {
    await queue.obliterate({ force: true });
    await db.dropDatabase();
    await client.close();
    redis.disconnect();
  });

  /** As a Redis that was wiped has nothing of it. */
  const wipe = () => queue.obliterate({ force: true });
  const waiting = async () => (await queue.getJobs(['waiting', 'prioritized'])).map(({ name }) => name);

  it('runs nothing at once on a first start', async () => {
    await keepSet(queue, yearly, db);
    await keepSet(queue, yearly, db);
    assert.deepEqual(await waiting(), []);
    assert.equal((await queue.getJobSchedulers()).length, 1);
  });
  it('runs at once what Redis forgot, though the first who sees that cannot ask MongoDB', async () => {
    await keepSet(queue, yearly, db);
    await wipe();
    const away = new MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 50 });
    await assert.rejects(keepSet(queue, yearly, away.db('away')));
    await keepSet(queue, yearly, db);
    assert.deepEqual(await waiting(), ['yearly']);
    await keepSet(queue, yearly, db);
    assert.deepEqual(await waiting(), ['yearly']);
    await away.close();
  });
  it('sets anew what a process whose clock is five minutes ahead has set', async () => {
    const startDate = Date.now() + 300_000;
    await queue.upsertJobScheduler('often', { every: 1_000, startDate }, { name: 'often' });
    const before = (await queue.getJobScheduler('often'))?.next ?? 0;
    assert.ok(before > Date.now() + 200_000, `${before}`);
    await keepSet(queue, often, db);
    const after = (await queue.getJobScheduler('often'))?.next ?? 0;
    assert.ok(after < Date.now() + 10_000, `${after - Date.now()} ms from now`);
  });
});

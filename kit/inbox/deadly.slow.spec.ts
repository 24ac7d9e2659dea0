import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, freshRedisPrefix, testServers } from '../../local/servers/for-tests.ts';
import { bullmqSender } from '../queue/bullmq-queue.ts';
import { aCounted } from '../testing/a-batch.ts';
import { readParked } from './held.ts';

const ENTRY = fileURLToPath(new URL('../testing/tallying-process.ts', import.meta.url));

describe('an event that kills its process', () => {
  it('parks after three deaths, and lets the others of its batch take effect', async () => {
    const { mongodbUri, redisUrl } = await testServers();
    const client = new MongoClient(mongodbUri);
    const db = client.db(freshDatabase('deadly'));
    const consumer = freshRedisPrefix('deadly').slice(1, -1);
    const sender = bullmqSender({ redisUrl, logger: pino({ level: 'silent' }) }, () => undefined);
    const deadly = aCounted(1, { data: { counter: 'one', value: 1, poison: 'deadly' } });
    const both = [deadly, aCounted(1, { subject: 'counter/two' })];
    const events = both.map((event) => JSON.stringify(event));
    await sender.send(consumer, { v: 1, epoch: 1, n: 1, events });

    const start = () => spawn(process.execPath, [ENTRY, mongodbUri, db.databaseName, redisUrl, consumer]);
    let deaths = 0;
    let child = start();
    const isParked = async () => (await readParked(db)).length > 0;
    while (!(await isParked())) {
      if (child.signalCode !== null) {
        deaths += 1;
        child = start();
      }
      await delay(50);
    }
    while ((await db.collection('tallies').countDocuments()) === 0) await delay(50);
    child.kill('SIGKILL');
    if (child.signalCode === null) await once(child, 'exit');
    assert.equal(deaths, 3);
    assert.equal((await readParked(db))[0]?.failure.code, 'handler-died');
    await sender.close();
    await db.dropDatabase();
    await client.close();
  }).timeout(90_000);
});

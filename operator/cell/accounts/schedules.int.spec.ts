import { deepEqual } from 'node:assert/strict';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoCommandHandler } from '../../../kit/aggregate/command-handler.ts';
import { redisPrefix } from '../../../kit/context-map/context-map.ts';
import { publishedLanguage } from '../../../kit/event/published-language.ts';
import { runSchedules } from '../../../kit/schedule/run-schedules.ts';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { eventually } from '../../../local/servers/testing/world.ts';
import { accessOf } from '../access.ts';
import { guardedServers } from '../testing/guarded-servers.ts';
import { anAccount } from './conformance.ts';
import { dropQueue, redisAccounts } from './redis-accounts.ts';

describe("schedules with a context's Redis user", () => {
  it('need nothing that it may not do, also when Redis was wiped', async () => {
    const servers = await guardedServers();
    const admin = new Redis(servers.redisUrl);
    const account = anAccount();
    const { name, password } = account;
    await redisAccounts(admin).provide(account);
    const client = await MongoClient.connect((await testServers()).mongodbUri);
    const db = client.db(freshDatabase('schedules'));
    let sweeps = 0;
    let yearly = 0;
    const sweep = async () => {
      sweeps += 1;
    };
    const once = async () => {
      yearly += 1;
    };
    const running = runSchedules({
      schedules: [
        { name: 'sweep', every: 100, run: sweep },
        { name: 'yearly', every: '0 0 29 2 *', run: once },
      ],
      redisUrl: accessOf(servers, name, { mongodb: password, redis: password }).redisUrl,
      prefix: redisPrefix(name),
      db,
      commands: mongoCommandHandler(client, db, publishedLanguage('counting', {})),
      logger: pino({ level: 'silent' }),
      lookEveryMs: 100,
    });
    await eventually('it sweeps', () => sweeps >= 3);
    await dropQueue(admin, name);
    const before = sweeps;
    await eventually('both go on', () => sweeps >= before + 3 && yearly >= 1);
    await running.close();
    const log = (await admin.call('ACL', 'LOG', 100)) as unknown[][];
    deepEqual(
      log.filter((entry) => entry[entry.indexOf('username') + 1] === name),
      [],
    );
    await db.dropDatabase();
    await client.close();
    admin.disconnect();
  });
});

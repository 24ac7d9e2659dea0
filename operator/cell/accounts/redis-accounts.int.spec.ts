import { deepEqual, equal, rejects } from 'node:assert/strict';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { bullmqReceiver, bullmqSender } from '../../../kit/queue/bullmq-queue.ts';
import { describeBatchQueue } from '../../../kit/queue/conformance.ts';
import { eventually } from '../../../local/servers/testing/world.ts';
import { accessOf } from '../access.ts';
import { type GuardedServers, guardedServers, startGuardedServers } from '../testing/guarded-servers.ts';
import type { Account } from './accounts.ts';
import { anAccount, describeAccounts } from './conformance.ts';
import { dropQueue, redisAccounts } from './redis-accounts.ts';

const logger = pino({ level: 'silent' });

const urlOf = (servers: GuardedServers, { name, password }: Account): string =>
  accessOf(servers, name, { mongodb: password, redis: password }).redisUrl;

describeAccounts('Redis', async () => {
  const servers = await guardedServers();
  const redis = new Redis(servers.redisUrl);
  const away = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  away.on('error', () => undefined);
  return {
    accounts: redisAccounts(redis),
    away: redisAccounts(away),
    letsIn: async (account) => {
      const own = new Redis(urlOf(servers, account), { retryStrategy: () => null, lazyConnect: true });
      own.on('error', () => undefined);
      return own
        .connect()
        .then(() => own.get(`{${account.name}}`))
        .then(
          () => true,
          () => false,
        )
        .finally(() => own.disconnect());
    },
    makeForeign: async (name) => void (await redis.call('ACL', 'SETUSER', name, 'on', '>theirs')),
    close: async () => {
      redis.disconnect();
      away.disconnect();
    },
  };
});

describe("a context's Redis user", () => {
  const account = anAccount();
  const key = (name: string) => `{${account.name}}:${name}`;
  let admin: Redis;
  let own: Redis;
  before(async () => {
    const servers = await guardedServers();
    admin = new Redis(servers.redisUrl);
    await redisAccounts(admin).provide(account);
    own = new Redis(urlOf(servers, account));
  });
  after(() => {
    own.disconnect();
    admin.disconnect();
  });
  /** Within a script Redis words it differently. */
  const NOPERM = /NOPERM|can't access at least one of the keys/;

  it('reads and writes keys that begin with its own prefix', async () => {
    await own.set(key('inbox'), 'mine');
    equal(await own.get(key('inbox')), 'mine');
  });
  it('reaches no other keys, in scripts neither', async () => {
    const other = `{${account.name}x}:inbox`;
    await rejects(own.get(other), NOPERM);
    await rejects(own.set(other, 'mine'), NOPERM);
    await rejects(own.eval("return redis.call('get', KEYS[1])", 1, other), NOPERM);
    await rejects(own.eval(`return redis.call('set', '${other}', 1)`, 1, key('inbox')), NOPERM);
    await rejects(own.rename(key('inbox'), other), NOPERM);
  });
  it('publishes and subscribes on its own channels alone', async () => {
    await own.publish(key('acks'), 'mine');
    await rejects(own.publish('{other}:acks', 'mine'), NOPERM);
    await rejects(own.subscribe('{other}:acks'), NOPERM);
    await rejects(own.psubscribe('*'), NOPERM);
  });
  it('may not look around, wipe, configure or manage users', async () => {
    const looking = ['KEYS *', 'SCAN 0', 'RANDOMKEY', 'DBSIZE', 'MONITOR', 'CLIENT LIST', 'ACL LIST'];
    const harming = ['FLUSHALL', 'FLUSHDB', 'CONFIG GET *', 'SHUTDOWN', 'SCRIPT FLUSH', 'CLIENT PAUSE 0'];
    for (const command of [...looking, ...harming]) {
      const [name = '', ...words] = command.split(' ');
      await rejects(own.call(name, ...words), NOPERM, command);
    }
  });
  it('leaves nothing of its queue behind, and its neighbours theirs', async () => {
    const theirs = `{${account.name}x}:inbox`;
    await admin.mset(Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [key(`job-${n}`), 'mine'])));
    await admin.set(theirs, 'theirs');
    await dropQueue(admin, account.name);
    deepEqual(await admin.keys(`{${account.name}*`), [theirs]);
  });
});

/** Both sides with the context's own user: what the queue needs, it may do. */
describeBatchQueue("BullMQ with a context's Redis user", async () => {
  const servers = await guardedServers();
  const admin = new Redis(servers.redisUrl);
  const account = anAccount();
  await redisAccounts(admin).provide(account);
  const redisUrl = urlOf(servers, account);
  return {
    consumer: account.name,
    openSender: async (onAcknowledged) => bullmqSender({ redisUrl, logger }, onAcknowledged),
    openReceiver: async (handle) => bullmqReceiver({ redisUrl, consumer: account.name, logger }, handle),
    wipe: () => dropQueue(admin, account.name),
    close: async () => {
      deepEqual(await denied(admin, account.name), []);
      admin.disconnect();
    },
  };
});

/** What Redis refused to a user: clients may swallow it. */
const denied = async (admin: Redis, name: string): Promise<unknown[]> => {
  const log = (await admin.call('ACL', 'LOG', 100)) as unknown[][];
  const field = (entry: unknown[], label: string) => entry[entry.indexOf(label) + 1];
  return log.filter((entry) => field(entry, 'username') === name).map((entry) => field(entry, 'object'));
};

describe('a Redis that forgets its users', function () {
  this.timeout(60_000);
  let servers: GuardedServers;
  before(async () => {
    servers = await startGuardedServers();
  });
  after(() => servers.stop());

  it('is told them again, and a context that was connected goes on by itself', async () => {
    const account = anAccount();
    const admin = new Redis(servers.redisUrl);
    admin.on('error', () => undefined);
    const accounts = redisAccounts(admin);
    await accounts.provide(account);
    const seen: number[] = [];
    const consumer = account.name;
    const receiver = bullmqReceiver(
      { redisUrl: urlOf(servers, account), consumer, logger },
      async ({ n }) => {
        seen.push(n);
      },
    );
    const sender = bullmqSender({ redisUrl: servers.redisUrl, logger }, () => undefined);
    await sender.send(consumer, { v: 1, epoch: 1, n: 1, events: [] });
    await eventually('the first batch is handled', () => seen.length === 1);

    await servers.redis.restart();
    await eventually('Redis answers', () =>
      admin.ping().then(
        () => true,
        () => false,
      ),
    );
    deepEqual([...(await accounts.look([consumer]))], []);
    await sender.send(consumer, { v: 1, epoch: 1, n: 2, events: [] });
    // The context meets a Redis that does not know it.
    await eventually('the context was refused', async () => (await denied(admin, consumer)).length > 0);
    equal(seen.length, 1);
    await accounts.provide(account);
    await eventually('the second batch is handled', () => seen.length === 2, 30_000);
    await Promise.all([receiver.close(), sender.close()]);
    admin.disconnect();
  });
});

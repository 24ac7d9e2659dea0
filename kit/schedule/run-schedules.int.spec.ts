import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Db, MongoClient, MongoNetworkError } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, freshRedisPrefix } from '../../local/servers/for-tests.ts';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { publishedLanguage } from '../event/published-language.ts';
import { type RunningSchedules, runSchedules } from './run-schedules.ts';
import type { Schedule } from './schedule.ts';

const NEVER = '0 0 29 2 *';
const until = async (isSo: () => boolean, ms = 15_000): Promise<void> => {
  for (const end = Date.now() + ms; !isSo(); await delay(10)) assert.ok(Date.now() < end, 'it is so in time');
};

describe('runSchedules', function () {
  this.timeout(60_000);
  let servers: Servers;
  let client: MongoClient;
  let redis: Redis;
  let db: Db;
  let prefix: string;
  const replicas: RunningSchedules[] = [];
  before(async () => {
    servers = await startServers({ cacheGb: 0.25 });
    client = await MongoClient.connect(servers.mongodbUri);
    redis = new Redis(servers.redisUrl);
  });
  after(async () => {
    redis.disconnect();
    await client.close();
    await servers.stop();
  });
  beforeEach(() => {
    db = client.db(freshDatabase('schedules'));
    prefix = freshRedisPrefix('schedules');
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((one) => one.close()));
    await db.dropDatabase();
  });

  const start = (...schedules: Schedule[]): RunningSchedules => {
    const commands = mongoCommandHandler(client, db, publishedLanguage('counting', {}));
    const logger = pino({ level: 'silent' });
    const { redisUrl } = servers;
    const replica = runSchedules({ schedules, db, commands, logger, redisUrl, prefix, lookEveryMs: 100 });
    replicas.push(replica);
    return replica;
  };
  const isSet = async (name: string) => (await redis.zcard(`${prefix}:schedule-${name}:repeat`)) === 1;
  const untilSet = async (name: string) => {
    while (!(await isSet(name))) await delay(10);
  };

  it('runs a job again and again, by its clock and with what it needs', async () => {
    const times: Date[] = [];
    const every = 200;
    start({
      name: 'sweep',
      every,
      run: async (deps, now) => {
        await deps.db.collection('swept').insertOne({ now });
        times.push(now);
      },
    });
    await until(() => times.length >= 5);
    const [first, last] = [times[0], times[4]];
    assert.ok(first && last);
    const took = last.getTime() - first.getTime();
    assert.ok(took > 2.5 * every, `five runs in ${took} ms: it is not set again at each look`);
    assert.ok((await db.collection('swept').countDocuments()) >= 5);
    for (const key of await redis.keys('*')) assert.ok(key.startsWith(`${prefix}:`), key);
  });

  it('runs it on one replica at a time, however long it takes', async () => {
    let inHand = 0;
    let most = 0;
    let runs = 0;
    const slow: Schedule = {
      name: 'slow',
      every: 50,
      run: async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        await delay(300);
        inHand -= 1;
        runs += 1;
      },
    };
    start(slow);
    await untilSet('slow');
    start(slow);
    start(slow);
    await until(() => runs >= 6);
    assert.equal(most, 1);
  });

  it('delays no other by one that runs long', async () => {
    let runs = 0;
    start(
      { name: 'long', every: 50, run: (deps) => untilStopped(deps.signal) },
      {
        name: 'short',
        every: 50,
        run: async () => {
          runs += 1;
        },
      },
    );
    await until(() => runs >= 3);
  });

  it('goes on when Redis was wiped, and runs at once what may have been due', async () => {
    let sweeps = 0;
    let yearly = 0;
    start(
      {
        name: 'sweep',
        every: 100,
        run: async () => {
          sweeps += 1;
        },
      },
      {
        name: 'yearly',
        every: NEVER,
        run: async () => {
          yearly += 1;
        },
      },
    );
    await untilSet('yearly');
    await until(() => sweeps >= 2);
    assert.equal(yearly, 0, 'a first start is nothing that was missed');
    for (const round of [1, 2]) {
      await redis.flushall();
      const before = sweeps;
      await until(() => sweeps >= before + 3 && yearly >= 1);
      assert.ok(yearly <= round);
    }
    assert.ok((await isSet('sweep')) && (await isSet('yearly')));
  });

  it('runs by a cron pattern in UTC', async () => {
    start({ name: 'monthly', every: '0 3 2 * *', run: async () => undefined });
    await untilSet('monthly');
    const next = await redis.zscore(`${prefix}:schedule-monthly:repeat`, 'monthly');
    const due = new Date(Number(next));
    assert.deepEqual([due.getUTCDate(), due.getUTCHours(), due.getUTCMinutes()], [2, 3, 0]);
  });

  it('is set anew when a release changes how often it runs', async () => {
    let runs = 0;
    const sweep = {
      name: 'sweep',
      run: async () => {
        runs += 1;
      },
    };
    const old = start({ ...sweep, every: NEVER });
    await untilSet('sweep');
    await old.close();
    start({ ...sweep, every: 50 });
    await until(() => runs >= 3);
  });

  it('sets a job again that was lost, as by a process that died in between', async () => {
    let runs = 0;
    start({
      name: 'sweep',
      every: 300,
      run: async () => {
        runs += 1;
      },
    });
    await until(() => runs >= 1);
    const before = runs;
    await redis.del(`${prefix}:schedule-sweep:delayed`);
    await until(() => runs >= before + 3);
  });

  it('waits while MongoDB is away, and tries five times what fails otherwise', async () => {
    let away = 0;
    let broken = 0;
    start(
      {
        name: 'away',
        every: NEVER,
        run: async () => {
          away += 1;
          if (away < 3) throw new MongoNetworkError('it is away');
        },
      },
      {
        name: 'broken',
        every: 100,
        run: async () => {
          broken += 1;
          throw new Error('it is broken');
        },
      },
    );
    await untilSet('away');
    await redis.flushall();
    await until(() => away === 3);
    await until(() => broken > 5, 30_000);
  });

  it('gives a job back when the process stops, and another replica runs it', async () => {
    const started = Promise.withResolvers<void>();
    let finished = 0;
    const first = start({
      name: 'sweep',
      every: 60_000,
      run: async ({ signal }) => {
        started.resolve();
        await untilStopped(signal);
        throw new Error('stopped in the middle');
      },
    });
    await started.promise;
    const closing = Date.now();
    await first.close();
    assert.ok(Date.now() - closing < 5_000);
    start({
      name: 'sweep',
      every: 60_000,
      run: async () => {
        finished += 1;
      },
    });
    await until(() => finished === 1);
    assert.ok(await isSet('sweep'));
  });
});

const untilStopped = (signal: AbortSignal): Promise<void> =>
  delay(600_000, undefined, { signal }).catch(() => undefined);

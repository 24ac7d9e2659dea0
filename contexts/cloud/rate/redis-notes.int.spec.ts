import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { freshRedisPrefix, testServers } from '../../../local/servers/for-tests.ts';
import { until } from '../testing/landscape.ts';
import { type AccountRates, accountRates } from './account-rates.ts';
import { type RedisNotes, redisNotes } from './redis-notes.ts';

const LIMIT = 80;

/** A way to Redis that can be closed, and opened again at the same port. */
const openWay = async (redisUrl: string) => {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const open = async (at: number) => {
    const server = createServer((client) => {
      const redis = connect(Number(port), hostname);
      for (const socket of [client, redis]) {
        sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      }
      client.pipe(redis).pipe(client);
    });
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await open(0);
  const { port: own } = server.address() as { port: number };
  return {
    url: `redis://127.0.0.1:${own}`,
    reopen: async () => {
      server = await open(own);
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};

describe('rates over Redis', function () {
  this.timeout(30_000);
  let way: Awaited<ReturnType<typeof openWay>>;
  let notes: RedisNotes[];
  let replicas: AccountRates[];

  /** How many of one account's requests are let through when all replicas are asked at once, in the same second. */
  const letThrough = async (account: string): Promise<number> => {
    const asked = replicas.flatMap((rates) =>
      Array.from({ length: LIMIT }, () => rates.take(account, LIMIT)),
    );
    return (await Promise.all(asked)).filter(({ isAllowed }) => isAllowed).length;
  };

  before(async () => {
    way = await openWay((await testServers()).redisUrl);
    const prefix = freshRedisPrefix('rates');
    const logger = pino({ level: 'silent' });
    notes = [1, 2, 3, 4].map(() => redisNotes({ url: way.url, prefix, logger }));
    replicas = notes.map((one) => accountRates(one));
    await until(async () => notes.every((one) => !one.isAway && one.replicas === 4));
  });
  after(async () => {
    await Promise.all(notes.map((one) => one.close()));
    await way.close();
  });

  it('never lets more through than allowed', async () => {
    assert.equal(await letThrough('together'), LIMIT);
  });
  it('goes by shares while Redis is away, and together again when it is back', async () => {
    await way.close();
    await until(async () => notes.every(({ isAway }) => isAway));
    // Four shares of a quarter.
    assert.equal(await letThrough('alone'), LIMIT);
    const one = replicas[0] ?? assert.fail();
    const own = Array.from({ length: LIMIT }, () => one.take('own', LIMIT));
    assert.equal((await Promise.all(own)).filter(({ isAllowed }) => isAllowed).length, LIMIT / 4);
    await way.reopen();
    await until(async () => notes.every(({ isAway }) => !isAway));
    assert.equal(await letThrough('back'), LIMIT);
  });
  it('counts a replica no more that is gone', async () => {
    await notes[3]?.close();
    await until(async () => notes.slice(0, 3).every((one) => one.replicas === 3), 20_000);
  });
});

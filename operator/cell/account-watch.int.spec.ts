import { deepEqual } from 'node:assert/strict';
import { pino } from 'pino';
import { eventually } from '../../local/servers/testing/world.ts';
import { listenToServers } from './account-watch.ts';
import { openServers } from './servers.ts';
import { type GuardedServers, startGuardedServers } from './testing/guarded-servers.ts';
import { aCell } from './testing/objects.ts';
import { aWorld } from './testing/world.ts';

const cellNamed = (name: string, contexts: readonly string[]) =>
  aCell(
    { status: { contexts: contexts.map((one) => ({ name: one, version: '1', image: 'i', ready: true })) } },
    name,
  );

describe('cells whose Redis has forgotten its users', function () {
  this.timeout(60_000);
  let servers: GuardedServers;
  before(async () => {
    servers = await startGuardedServers();
  });
  after(() => servers.stop());

  it('are woken, until it knows them again', async () => {
    const { mongodb, redis, close } = openServers(servers, pino({ level: 'silent' }));
    const account = { name: 'acme-ordering', cell: 'acme', password: 'x'.repeat(43) };
    for (const server of [mongodb, redis]) await server.provide(account);
    const world = aWorld([cellNamed('acme', ['ordering']), cellNamed('empty', [])]);
    let looks = 0;
    const counted = {
      ...redis,
      names: () => {
        looks += 1;
        return redis.names();
      },
    };
    const woken: string[] = [];
    const end = listenToServers({ mongodb, redis: counted }, 50)((key) => void woken.push(key), world);
    /** Each look begins when the one before has ended. */
    const lookedTwice = () => {
      const before = looks;
      return eventually('they were looked at twice', () => looks > before + 2);
    };
    await lookedTwice();
    deepEqual([...woken], []);

    await servers.redis.restart();
    await eventually('the cell is woken', () => woken.includes('acme'), 30_000);
    await redis.provide(account);
    await lookedTwice();
    woken.length = 0;
    await lookedTwice();
    end();
    deepEqual([...woken], []);
    await close();
  });
});

import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { eventually } from '../../local/servers/testing/world.ts';
import type { Access } from './access.ts';
import { type GuardedServers, guardedServers, startGuardedServers } from './testing/guarded-servers.ts';
import { aCell, aContext, aPlan, aSubscription, aTenant, LEAVING } from './testing/objects.ts';
import { aSite, letsIn } from './testing/site.ts';

const IN = { mongodb: true, redis: true };
const OUT = { mongodb: false, redis: false };

let made = 0;

/** A tenant with a cell of its own that runs ordering, under a name that no other spec uses. */
const anOrderingSite = (servers: GuardedServers, deletionPolicy = 'Delete') => {
  made += 1;
  const name = `t${process.pid}x${made}`;
  const of = (tenant: object = {}) => [
    aTenant({ spec: { deletionPolicy }, status: { cell: name }, ...tenant }, name),
    aPlan({ spec: { contexts: ['ordering'] } }),
    aSubscription({ spec: { tenant: name } }, name),
    aContext(),
  ];
  const cell = (spec: Readonly<Record<string, unknown>> = {}) => aCell({ spec }, name);
  const site = aSite(servers, { objects: of(), cell: cell() });
  return { ...site, name, objects: of, cell, leave: () => site.change({ objects: of(LEAVING) }) };
};

type Site = ReturnType<typeof anOrderingSite>;

const accessOf = (site: Site): Access => {
  const access = site.access('ordering');
  ok(access, 'there is a Secret');
  return access;
};

describe('provisioning a cell', function () {
  this.timeout(60_000);
  let servers: GuardedServers;
  let site: Site;
  let admin: MongoClient;
  before(async () => {
    servers = await guardedServers();
    admin = new MongoClient(servers.mongodbUri);
  });
  after(() => admin.close());
  beforeEach(async () => {
    site = anOrderingSite(servers);
    await site.reconcile();
  });
  afterEach(() => site.close());

  it('lets each context in with what its Secret says', async () =>
    deepEqual(await letsIn(accessOf(site)), IN));

  it('has nothing more to do then', async () => {
    const before = accessOf(site);
    const { effects, ready } = await site.reconcile();
    deepEqual([effects, ready.status, accessOf(site)], [[], 'True', before]);
  });

  it('heals when the operator is killed before it has applied the Secret', async () => {
    const killed = anOrderingSite(servers);
    await killed.perform();
    killed.restart();
    await killed.reconcile();
    deepEqual(await letsIn(accessOf(killed)), IN);
    await killed.close();
  });

  it('makes no other passwords while its cache has not caught up with the Secret', async () => {
    const before = accessOf(site);
    site.remove('Secret', 'ordering');
    await site.reconcile();
    site.remove('Secret', 'ordering');
    const between = accessOf({ ...site, access: () => before });
    await site.reconcile();
    const after = accessOf(site);
    await site.reconcile();
    deepEqual([accessOf(site), between], [after, before]);
    deepEqual(await letsIn(after), IN);
  });

  it('lets in by a new Secret, and by the old one no more, when someone deleted that', async () => {
    const before = accessOf(site);
    site.remove('Secret', 'ordering');
    site.restart();
    await site.reconcile();
    deepEqual([await letsIn(before), await letsIn(accessOf(site))], [OUT, IN]);
  });

  it('makes all credentials anew when rotateSecretsAt changes, once', async () => {
    const before = accessOf(site);
    site.change({ cell: site.cell({ rotateSecretsAt: '2026-07-01' }) });
    await site.reconcile();
    const after = accessOf(site);
    deepEqual([await letsIn(before), await letsIn(after)], [OUT, IN]);
    site.restart();
    deepEqual([(await site.reconcile()).effects, accessOf(site)], [[], after]);
  });

  it('ends the accounts of a context that left the plan, and keeps its database', async () => {
    const before = accessOf(site);
    await letsIn(before);
    site.change({ objects: site.objects().filter(({ kind }) => kind !== 'Subscription') });
    await site.reconcile();
    deepEqual(await letsIn(before), OUT);
    equal(await admin.db(`${site.name}-ordering`).collection('any').countDocuments(), 1);
    equal((await site.reconcile()).effects.length, 0);
  });

  describe('when its tenant leaves', () => {
    const leftOf = async ({ name }: Site) => {
      const { databases } = await admin.db('admin').admin().listDatabases({ nameOnly: true });
      const { users } = await admin.db(`${name}-ordering`).command({ usersInfo: 1 });
      const redis = new Redis(servers.redisUrl);
      const keys = await redis.keys(`{${name}-*`);
      const redisUsers = ((await redis.call('ACL', 'USERS')) as string[]).filter((user) =>
        user.startsWith(name),
      );
      redis.disconnect();
      const names = databases.map((one) => one.name).filter((one) => one.startsWith(name));
      return { databases: names, users: users.length, keys, redisUsers };
    };
    const nothing = { databases: [], users: 0, keys: [], redisUsers: [] };

    it('leaves nothing behind, and may say so again', async () => {
      const access = accessOf(site);
      const redis = new Redis(access.redisUrl);
      await redis.set(`{${site.name}-ordering}:inbox:id`, 1);
      redis.disconnect();
      await letsIn(access);
      site.leave();
      await site.reconcile();
      await site.finalize();
      deepEqual(await leftOf(site), nothing);
      await site.finalize();
    });
    it('leaves the databases when the policy is Retain, and nothing that gets into them', async () => {
      const kept = anOrderingSite(servers, 'Retain');
      await kept.reconcile();
      await letsIn(accessOf(kept));
      kept.leave();
      await kept.finalize();
      deepEqual(await leftOf(kept), { ...nothing, databases: [`${kept.name}-ordering`] });
      await kept.close();
    });
  });
});

describe('provisioning while a server is away', function () {
  this.timeout(60_000);
  let servers: GuardedServers;
  let site: Site;
  before(async () => {
    servers = await startGuardedServers();
  });
  after(() => servers.stop());
  beforeEach(() => {
    site = anOrderingSite(servers);
  });
  afterEach(() => site.close());
  const untilReady = (what: string) =>
    eventually(what, async () => (await site.reconcile()).ready.status === 'True', 30_000);

  it('makes nothing until MongoDB is back', async () => {
    servers.mongod.signal('SIGKILL');
    const { effects, ready } = await site.reconcile();
    deepEqual([effects, ready.reason, site.access('ordering')], [[], 'MongoDBAway', undefined]);
    await servers.mongod.restart();
    await untilReady('the cell is provisioned');
    deepEqual(await letsIn(accessOf(site)), IN);
  });
  it('leaves a cell as it is while Redis is away, and tells Redis again what it has forgotten', async () => {
    await untilReady('the cell is provisioned');
    const before = accessOf(site);
    servers.redis.signal('SIGKILL');
    await eventually('the cell says so', async () => (await site.reconcile()).ready.reason === 'RedisAway');
    deepEqual(accessOf(site), before);
    await servers.redis.restart();
    notDeepEqual(await letsIn(before), IN);
    await untilReady('the cell is well again');
    deepEqual([accessOf(site), await letsIn(before)], [before, IN]);
  });
});

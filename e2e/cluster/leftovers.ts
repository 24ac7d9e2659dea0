import assert from 'node:assert/strict';
import type { MongoClient } from 'mongodb';
import { kubectl, namespaceOf, tenantOf } from './kubectl.ts';
import { orderAndShipment } from './order.ts';
import { type Administration, administered } from './servers.ts';
import { until } from './steps.ts';
import { applyTenants, deleteTenants } from './tenants.ts';

const DEDICATED = 'solo';
const POOLED = 'guest';

/** A tenant's cell of its own, or its documents in a shared one, are gone with it, in the cluster and in the servers. */
export const leavesNothingOfADeletedTenant = async (): Promise<void> => {
  await applyTenants([DEDICATED], 'dedicated');
  await applyTenants([POOLED], 'starter');
  await orderAndShipment(DEDICATED);
  await orderAndShipment(POOLED);
  const { cell } = await tenantOf(DEDICATED);
  const guest = await tenantOf(POOLED);
  await administered(async (servers) => {
    assert.notDeepEqual(await inServers(servers, cell), [], 'while it lives, it is there');
    assert.notDeepEqual(await documentsOf(servers.mongo, guest), [], 'while it lives, it is there');
    await deleteTenants([DEDICATED, POOLED]);
    assert.equal(await kubectl('get', 'namespace', namespaceOf(cell), '--ignore-not-found'), '');
    assert.equal(await kubectl('get', 'cell', cell, '--ignore-not-found'), '');
    await until('databases, users and keys of the cell are gone', async () => {
      assert.deepEqual(await inServers(servers, cell), []);
      return true;
    });
    await until('documents of the tenant are gone', async () => {
      assert.deepEqual(await documentsOf(servers.mongo, guest), []);
      return true;
    });
  });
};

/** Databases and users of MongoDB, users and keys of Redis that belong to a cell. */
const inServers = async ({ mongo, redis }: Administration, cell: string): Promise<string[]> => {
  const isItsOwn = (name: string) => name.startsWith(`${cell}-`) || name.startsWith(`{${cell}-`);
  const { databases } = await mongo.db('admin').admin().listDatabases({ nameOnly: true });
  const users = await mongo.db('admin').collection<{ user: string }>('system.users').find().toArray();
  const accounts = (await redis.call('ACL', 'USERS')) as string[];
  const keys = await redis.keys('*');
  return [
    ...databases.map(({ name }) => name),
    ...users.map(({ user }) => user),
    ...accounts,
    ...keys,
  ].filter(isItsOwn);
};

/** `database.collection` of those that speak of a tenant, in whichever field. */
const documentsOf = async (
  mongo: MongoClient,
  { id, cell }: { id: string; cell: string },
): Promise<string[]> => {
  const { databases } = await mongo.db('admin').admin().listDatabases({ nameOnly: true });
  const found: string[] = [];
  for (const { name } of databases.filter((one) => one.name.startsWith(`${cell}-`))) {
    for (const collection of await mongo.db(name).collections()) {
      const documents = await collection.find().toArray();
      if (JSON.stringify(documents).includes(id)) found.push(collection.namespace);
    }
  }
  return found;
};

import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import type { Server } from '../local/servers/server.ts';
import { type ServerGroup, serverGroup } from '../local/servers/server-group.ts';
import { startGuardedMongod } from './cell/testing/guarded-servers.ts';
import { initiate } from './initiate-mongodb.ts';

describe('a mongod that nobody has been to', function () {
  this.timeout(120_000);
  let group: ServerGroup;
  let mongod: Server;
  let neighbour: MongoClient;
  let host: string;

  beforeEach(async () => {
    group = serverGroup({});
    mongod = await startGuardedMongod(group);
    host = `127.0.0.1:${mongod.port}`;
    neighbour = new MongoClient(`mongodb://${host}`, { directConnection: true });
  });
  afterEach(async () => {
    await neighbour.close();
    await group.stop();
  });

  /** With a transaction, which only a replica set has. */
  const letsIn = async (password: string): Promise<boolean> => {
    const uri = `mongodb://cadastre:${password}@${host}/?authSource=admin&replicaSet=rs0`;
    const client = new MongoClient(uri);
    try {
      await client.db('any').collection('things').insertOne({});
      await client.withSession((session) =>
        session.withTransaction(() => client.db('any').collection('things').insertOne({}, { session })),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && /Authentication failed/.test(error.message)) return false;
      throw error;
    } finally {
      await client.close();
    }
  };

  it('becomes a replica set with an administrator', async () => {
    await initiate(neighbour, { host, password: 'first' });
    assert.deepEqual([await letsIn('first'), await letsIn('other')], [true, false]);
  });
  it('stays as it is when that is repeated', async () => {
    await initiate(neighbour, { host, password: 'first' });
    await initiate(neighbour, { host, password: 'other' });
    assert.deepEqual([await letsIn('first'), await letsIn('other')], [true, false]);
  });
  it('is finished when somebody stopped half-way', async () => {
    const config = { _id: 'rs0', members: [{ _id: 0, host }] };
    await neighbour.db('admin').command({ replSetInitiate: config });
    await initiate(neighbour, { host, password: 'first' });
    assert.equal(await letsIn('first'), true);
  });
});

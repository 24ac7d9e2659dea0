import { deepEqual, equal, rejects } from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { reapAbandonedTransactions } from '../../../kit/aggregate/abandoned-transactions.ts';
import { MONGO_OPTIONS } from '../../../kit/service/mongo-options.ts';
import { accessOf } from '../access.ts';
import { guardedServers } from '../testing/guarded-servers.ts';
import type { Account } from './accounts.ts';
import { anAccount, describeAccounts } from './conformance.ts';
import { dropDatabase, mongodbAccounts } from './mongodb-accounts.ts';

const uriOf = async ({ name, password }: Account): Promise<string> =>
  accessOf(await guardedServers(), name, { mongodb: password, redis: password }).mongodbUri;

const REFUSED = { name: 'MongoServerError', code: 13 };

describeAccounts('MongoDB', async () => {
  const client = new MongoClient((await guardedServers()).mongodbUri);
  const away = new MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 50 });
  return {
    accounts: mongodbAccounts(client),
    away: mongodbAccounts(away),
    letsIn: async (account) => {
      const own = new MongoClient(await uriOf(account));
      return own
        .connect()
        .then(
          () => true,
          () => false,
        )
        .finally(() => own.close());
    },
    makeForeign: async (name) =>
      void (await client.db(name).command({ createUser: name, pwd: 'theirs', roles: [] })),
    close: async () => void (await Promise.all([client.close(), away.close()])),
  };
});

describe("a context's MongoDB user", function () {
  this.timeout(60_000);
  const account = anAccount();
  const neighbour = anAccount();
  let admin: MongoClient;
  let own: MongoClient;
  before(async () => {
    admin = new MongoClient((await guardedServers()).mongodbUri);
    for (const one of [account, neighbour]) await mongodbAccounts(admin).provide(one);
    await admin.db(neighbour.name).collection('orders').insertOne({ secret: true });
    own = await new MongoClient(await uriOf(account), MONGO_OPTIONS).connect();
  });
  after(() => Promise.all([own.close(), admin.close()]));

  it('reads, writes and makes indexes in its own database, in transactions too', async () => {
    const db = own.db(account.name);
    await db.createCollection('orders');
    await db.collection('orders').createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await own.withSession((session) =>
      session.withTransaction(() => db.collection('orders').insertOne({ total: 3 }, { session })),
    );
    equal(await db.collection('orders').countDocuments(), 1);
    await db.command({ collMod: 'orders', index: { keyPattern: { at: 1 }, expireAfterSeconds: 90 } });
  });
  it('ends transactions that its own processes left open', () => reapAbandonedTransactions(own));
  it('reaches no other database', async () => {
    const theirs = own.db(neighbour.name).collection('orders');
    await rejects(theirs.findOne(), REFUSED);
    await rejects(theirs.insertOne({}), REFUSED);
    await rejects(own.db(neighbour.name).dropDatabase(), REFUSED);
    await rejects(own.db('elsewhere').createCollection('orders'), REFUSED);
  });
  it('sees no names but its own', async () => {
    const { databases } = await own.db('admin').admin().listDatabases({ nameOnly: true });
    deepEqual(
      databases.map(({ name }) => name),
      [account.name],
    );
    await rejects(own.db(neighbour.name).listCollections().toArray(), REFUSED);
  });
  it('manages no users and watches no other outbox', async () => {
    await rejects(own.db(account.name).command({ createUser: 'more', pwd: 'x', roles: [] }), REFUSED);
    await rejects(own.db(account.name).command({ updateUser: account.name, roles: ['root'] }), REFUSED);
    await rejects(own.watch([]).next(), REFUSED);
  });
  it('has no password that MongoDB could tell', async () => {
    const { users } = await admin
      .db(account.name)
      .command({ usersInfo: account.name, showCredentials: true });
    equal(JSON.stringify(users).includes(account.password), false);
    deepEqual(Object.keys(users[0].credentials), ['SCRAM-SHA-256']);
  });
  it('loses what it had with its database', async () => {
    await admin.db(account.name).collection('orders').insertOne({});
    await mongodbAccounts(admin).remove(account.name);
    await dropDatabase(admin, account.name);
    await dropDatabase(admin, account.name);
    const { databases } = await admin.db('admin').admin().listDatabases({ nameOnly: true });
    equal(
      databases.some(({ name }) => name === account.name),
      false,
    );
    await rejects(own.db(account.name).collection('orders').insertOne({}), REFUSED);
  });
});

import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { type Counter, counter, counterLanguage } from '../testing/tally.ts';
import { reapAbandonedTransactions } from './abandoned-transactions.ts';
import type { AggregateDocument } from './aggregate.ts';
import { type CommandHandler, mongoCommandHandler } from './command-handler.ts';
import { describeCommandHandler } from './conformance.ts';

const openMongo = async () => {
  const client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  const db = client.db(freshDatabase('commands'));
  const close = async () => {
    await db.dropDatabase();
    await client.close();
  };
  return { client, db, handler: mongoCommandHandler(client, db, counterLanguage), close };
};

const publishedIn = (db: Db) => db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray();

describeCommandHandler('MongoDB', async () => {
  const { db, handler, close } = await openMongo();
  const counters = db.collection<AggregateDocument<Counter>>(counter.collection);
  return {
    counter,
    handler,
    stored: async (id, tenant = 'acme') => (await counters.findOne({ _id: `${tenant}/${id}` }))?.state,
    published: () => publishedIn(db),
    close,
  };
});

describe('the command handler of MongoDB', () => {
  let client: MongoClient;
  let db: Db;
  let handler: CommandHandler;
  let close: () => Promise<void>;
  const context = { tenant: 'acme', cause: {} };
  const increment = {
    keys: { counter: counter.key('one') },
    decide: ({ counter: { value } }: { counter: Counter }) => ({
      counter: [{ type: 'Counted' as const, data: { counter: 'one', value: value + 1 } }],
    }),
  };

  beforeEach(async () => {
    ({ client, db, handler, close } = await openMongo());
  });
  afterEach(() => close());

  it('lets mongod say when an event was written', async () => {
    await handler.handle(increment, context);
    const [document] = await publishedIn(db);
    assert.ok(document !== undefined && Math.abs(document.at.t - Date.now() / 1_000) < 60);
  });
  it('goes on past a transaction that a dead process left open', async function () {
    this.timeout(30_000);
    await handler.handle(increment, context);
    const session = client.startSession();
    session.startTransaction();
    await db
      .collection<{ _id: string }>(counter.collection)
      .updateOne({ _id: 'acme/one' }, { $set: { left: true } }, { session });
    for (let open = true; open; ) {
      await reapAbandonedTransactions(client);
      open = await handler.handle(increment, context).then(
        () => false,
        () => true,
      );
    }
    await assert.rejects(session.commitTransaction());
    await session.endSession();
    assert.equal((await publishedIn(db)).length, 2);
  });
});

import { MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { transact } from '../aggregate/transaction.ts';
import { describeOutbox } from './conformance.ts';
import { mongoOutbox, OUTBOX, type OutboxDocument } from './outbox.ts';

describeOutbox('MongoDB', async () => {
  const client = new MongoClient((await testServers()).mongodbUri);
  const db = client.db(freshDatabase('outbox'));
  return {
    outbox: mongoOutbox(db),
    transaction: (body) => transact(client, body),
    read: () => db.collection<OutboxDocument>(OUTBOX).find().sort({ at: 1 }).toArray(),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
});

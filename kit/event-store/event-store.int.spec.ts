import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { describeCommandHandler } from '../aggregate/conformance.ts';
import { notStored } from '../aggregate/storage.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { type Counter, counterLanguage } from '../testing/tally.ts';
import { describeEventStore } from './conformance.ts';
import { eventStored } from './event-stored.ts';
import { EVENTS, type EventDocument } from './events.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { SNAPSHOTS } from './snapshots.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

const counter = sourcedCounter();

const openMongo = async () => {
  const client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  const db = client.db(freshDatabase('events'));
  await createEventStoreIndexes(db, [counter.key('').aggregate]);
  const close = async () => {
    await db.dropDatabase();
    await client.close();
  };
  return { db, handler: mongoCommandHandler(client, db, counterLanguage), close };
};

const all = async <T>(db: Db, collection: string): Promise<T[]> =>
  (await db.collection(collection).find().sort({ _id: 1 }).toArray()) as unknown as T[];

describeCommandHandler('MongoDB with stored events', async () => {
  const { db, handler, close } = await openMongo();
  return {
    counter,
    handler,
    stored: async (id, tenant = 'acme') => {
      const [read] = await eventStored.read(db, [notStored(tenant, counter.key(id))]);
      return read?.version === 0 ? undefined : (read?.state as Counter);
    },
    published: () => all<OutboxDocument>(db, OUTBOX),
    close,
  };
});

describeEventStore('MongoDB', async () => {
  const { db, handler, close } = await openMongo();
  return {
    handler,
    documents: (collection) => all(db, collection),
    append: async (event) => void (await db.collection<EventDocument>(EVENTS).insertOne(event)),
    forgetSnapshots: async () => void (await db.collection(SNAPSHOTS).deleteMany({})),
    close,
  };
});

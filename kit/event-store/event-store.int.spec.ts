import { MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import { describeCommandHandler } from '../aggregate/conformance.ts';
import { notStored } from '../aggregate/storage.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { type Counter, counterLanguage } from '../testing/tally.ts';
import { eventStored } from './event-stored.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

describeCommandHandler('MongoDB with stored events', async () => {
  const client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  const db = client.db(freshDatabase('events'));
  const counter = sourcedCounter();
  await createEventStoreIndexes(db, [counter.key('').aggregate]);
  return {
    counter,
    handler: mongoCommandHandler(client, db, counterLanguage),
    stored: async (id, tenant = 'acme') => {
      const [read] = await eventStored.read(db, [notStored(tenant, counter.key(id))]);
      return read?.version === 0 ? undefined : (read?.state as Counter);
    },
    published: () => db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray(),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
});

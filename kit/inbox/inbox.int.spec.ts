import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import type { AggregateDocument } from '../aggregate/aggregate.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { type Tally, tallyLanguage, tallyReactions } from '../testing/tally.ts';
import { describeInbox } from './conformance.ts';
import { createInboxIndexes, HELD, INBOX } from './documents.ts';
import { HANDS } from './hands.ts';
import { readParked } from './held.ts';
import { mongoInbox } from './inbox.ts';

describeInbox('MongoDB', async () => {
  const client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  const db = client.db(freshDatabase('inbox'));
  await createInboxIndexes(db);
  const logger = pino({ level: 'silent' });
  const { signal } = new AbortController();
  const tallies = db.collection<AggregateDocument<Tally>>('tallies');
  return {
    open: () =>
      mongoInbox({ client, db, language: tallyLanguage, reactions: tallyReactions, signal, logger }),
    values: async (id = 'one', tenant = 'acme') =>
      (await tallies.findOne({ _id: `${tenant}/${id}` }))?.state.values ?? [],
    published: () => db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray(),
    parked: () => readParked(db),
    held: () => db.collection(HELD).countDocuments(),
    handled: (eventId) => db.collection(INBOX).countDocuments({ events: eventId, at: { $exists: true } }),
    diedWith: async (eventName, taken) => {
      await db.collection<{ _id: string; taken: number }>(HANDS).insertOne({ _id: eventName, taken });
    },
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
});

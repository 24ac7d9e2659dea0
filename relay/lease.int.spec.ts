import { MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../local/servers/for-tests.ts';
import { mongoLease } from './lease.ts';
import { describeLease } from './lease-conformance.ts';

describeLease('MongoDB', async () => {
  const client = new MongoClient((await testServers()).mongodbUri);
  const db = client.db(freshDatabase('lease'));
  return {
    holder: (name) => mongoLease(db, name),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
});

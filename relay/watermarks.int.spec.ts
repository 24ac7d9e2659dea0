import { MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../local/servers/for-tests.ts';
import { mongoWatermarks } from './watermarks.ts';
import { describeWatermarks } from './watermarks-conformance.ts';

describeWatermarks('MongoDB', async () => {
  const client = new MongoClient((await testServers()).mongodbUri);
  const db = client.db(freshDatabase('watermarks'));
  return {
    watermarks: mongoWatermarks(db),
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
});

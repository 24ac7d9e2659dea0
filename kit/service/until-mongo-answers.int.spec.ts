import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { startServers } from '../../local/servers/start-servers.ts';
import { untilMongoAnswers } from './until-mongo-answers.ts';

describe('a process that starts before its database', function () {
  this.timeout(60_000);

  it('waits for it, however long the first connection takes to fail', async () => {
    const servers = await startServers({ cacheGb: 0.25 });
    const client = new MongoClient(servers.mongodbUri, { serverSelectionTimeoutMS: 200 });
    const failed = Promise.withResolvers<void>();
    const logger = pino({ level: 'warn' }, { write: () => failed.resolve() });
    servers.mongod.signal('SIGKILL');
    const waiting = untilMongoAnswers(client.db('spec'), logger);
    await failed.promise;
    await servers.mongod.restart();
    await waiting;
    await client.close();
    await servers.stop();
  });
});

// A consumer as a process of its own: tallying-process.ts <mongodb uri> <database> <redis url> <consumer>.
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoInbox } from '../inbox/inbox.ts';
import { bullmqReceiver } from '../queue/bullmq-queue.ts';
import { tallyLanguage, tallyReactions } from './tally.ts';

const [uri = '', database = '', redisUrl = '', consumer = ''] = process.argv.slice(2);
const client = new MongoClient(uri);
const logger = pino({ level: 'silent' });
const { signal } = new AbortController();
const inbox = mongoInbox({
  client,
  db: client.db(database),
  language: tallyLanguage,
  reactions: tallyReactions,
  signal,
  logger,
});
bullmqReceiver({ redisUrl, consumer, logger }, inbox.handle);

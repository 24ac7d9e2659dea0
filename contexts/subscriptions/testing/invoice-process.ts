// A run of invoices as a process of its own: invoice-process.ts <mongodb uri> <database> <period>.
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoCommandHandler } from '../../../kit/aggregate/command-handler.ts';
import { subscriptions } from '../contract.ts';
import { runInvoices } from '../invoice/run-invoices.ts';

const [uri = '', database = '', period = ''] = process.argv.slice(2);
const client = await MongoClient.connect(uri, { appName: 'cadastre' });
const db = client.db(database);
const commands = mongoCommandHandler(client, db, subscriptions);
const { signal } = new AbortController();
await runInvoices(
  { period, stage: 'issue' },
  { db, commands, logger: pino({ level: 'silent' }), signal },
  new Date(),
);
await client.close();

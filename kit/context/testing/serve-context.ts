import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { type CommandHandler, mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { OUTBOX } from '../../outbox/outbox.ts';
import { createApp } from '../../rest/app.ts';
import { createRestIndexes } from '../../rest/idempotency-key.ts';
import { listen } from '../../rest/server.ts';
import type { BoundedContext } from '../context.ts';

/** Fields that specs look into, of whatever was answered: they are there only if the answer has them. */
export type AnsweredBody = {
  readonly [field: string]: unknown;
  readonly requestId: string;
  readonly orderId: string;
  readonly next?: string;
  readonly items: readonly { readonly [field: string]: unknown }[];
};

/** What a request was answered, and which events it committed. */
export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: AnsweredBody;
  readonly events: readonly string[];
};

export type Asking = {
  readonly tenant?: string;
  readonly headers?: Record<string, string>;
  /** Sent as it is if it is text, otherwise as JSON. */
  readonly body?: unknown;
};

export interface ServedContext {
  readonly db: Db;
  readonly commands: CommandHandler;
  /** `ask('POST /v1/orders', { body })` */
  ask(request: string, asking?: Asking): Promise<Answered>;
  /** How many documents there are of anything, so that "nothing is written" can be said. */
  documentCount(): Promise<number>;
  stop(): Promise<void>;
}

/** A context over real HTTP and MongoDB, on a database of its own, with neither relay nor inbox. */
export const serveContext = async (context: BoundedContext): Promise<ServedContext> => {
  const { mongodbUri } = await testServers();
  const client = await MongoClient.connect(mongodbUri);
  const db = client.db(freshDatabase(context.name));
  await createRestIndexes(db);
  const commands = mongoCommandHandler(client, db, context.publishes);
  const logger = pino({ level: 'silent' });
  const errors = context.refusals ?? {};
  const app = createApp({ context, db, commands, logger, errors, isDraining: () => false });
  const listening = await listen(app, { port: 0, host: '127.0.0.1' });
  const outbox = db.collection<{ type: string }>(OUTBOX);
  return {
    db,
    commands,
    ask: async (request, { tenant = 'acme-1a2b3c4d', headers = {}, body } = {}) => {
      const [method = '', path = ''] = request.split(' ');
      const before = await outbox.countDocuments();
      const response = await fetch(`http://127.0.0.1:${listening.port}${path}`, {
        method,
        headers: { 'x-tenant': tenant, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const events = await outbox.find().sort({ $natural: 1 }).skip(before).toArray();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: JSON.parse(text),
        events: events.map(({ type }) => type),
      };
    },
    documentCount: async () => {
      const collections = await db.collections();
      const counts = await Promise.all(collections.map((one) => one.countDocuments()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    stop: async () => {
      await listening.close();
      await db.dropDatabase();
      await client.close();
    },
  };
};

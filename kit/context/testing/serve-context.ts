import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { type CommandHandler, mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { createEventStoreIndexes } from '../../event-store/indexes.ts';
import { runProjection } from '../../event-store/run-projection.ts';
import { OUTBOX } from '../../outbox/outbox.ts';
import { createApp, createStaffApp } from '../../rest/app.ts';
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
  /** Asks the routes for staff, which have a port of their own. */
  readonly staff?: boolean;
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

/** A context over real HTTP and MongoDB, on a database of its own, with its projections but neither relay nor inbox. */
export const serveContext = async (context: BoundedContext): Promise<ServedContext> => {
  const { mongodbUri } = await testServers();
  const client = await MongoClient.connect(mongodbUri);
  const db = client.db(freshDatabase(context.name));
  await createRestIndexes(db);
  await createEventStoreIndexes(db, context.aggregates);
  const commands = mongoCommandHandler(client, db, context.publishes);
  const logger = pino({ level: 'silent' });
  const { refusals: errors = {}, aggregates, projections = [] } = context;
  const stopping = new AbortController();
  const following = projections.map((one) =>
    runProjection({ client, db, aggregates, logger }, one, stopping.signal),
  );
  const deps = { db, commands, logger, errors, isDraining: () => false };
  const anyPort = { port: 0, host: '127.0.0.1' };
  const listening = await listen(createApp({ ...deps, context }), anyPort);
  const forStaff = { ...context, api: context.staff ?? [] };
  const listeningToStaff = await listen(createStaffApp({ ...deps, context: forStaff }), anyPort);
  const outbox = db.collection<{ type: string }>(OUTBOX);
  return {
    db,
    commands,
    ask: async (request, { tenant = 'acme-1a2b3c4d', headers = {}, body, staff = false } = {}) => {
      const [method = '', path = ''] = request.split(' ');
      const before = await outbox.countDocuments();
      const { port } = staff ? listeningToStaff : listening;
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
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
        body: text === '' ? {} : JSON.parse(text),
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
      await listeningToStaff.close();
      stopping.abort();
      await Promise.all(following);
      await db.dropDatabase();
      await client.close();
    },
  };
};

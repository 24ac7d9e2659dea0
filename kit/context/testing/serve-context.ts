import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { type CommandHandler, mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { createEventStoreIndexes } from '../../event-store/indexes.ts';
import { runProjection } from '../../event-store/run-projection.ts';
import { startSigner } from '../../identity/signer.ts';
import { identityVerifier } from '../../identity/verify.ts';
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
  /** Whose login key the front door was shown; a browser with a cookie has none. */
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
  const deps = { db, commands, logger, errors };
  const anyPort = { port: 0, host: '127.0.0.1' };
  const signer = await startSigner();
  const verifier = identityVerifier(signer.issuer, context.name);
  const listening = await listen(createApp({ ...deps, context, verify: () => verifier }), anyPort);
  const forStaff = { ...context, api: context.staff ?? [] };
  const listeningToStaff = await listen(createStaffApp({ ...deps, context: forStaff }), anyPort);
  const outbox = db.collection<{ type: string }>(OUTBOX);
  return {
    db,
    commands,
    ask: async (request, { tenant = 'acme-1a2b3c4d', ...asking } = {}) => {
      const token = await signer.sign({ tenant, audience: context.name });
      const before = await outbox.countDocuments();
      const { port } = asking.staff ? listeningToStaff : listening;
      const response = await send(`http://127.0.0.1:${port}`, request, { token, ...asking });
      const text = await response.text();
      const events = await outbox.find().sort({ $natural: 1 }).skip(before).toArray();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {},
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
      await signer.stop();
      stopping.abort();
      await Promise.all(following);
      await db.dropDatabase();
      await client.close();
    },
  };
};

type Sending = Pick<Asking, 'headers' | 'body'> & { readonly token: string };

const send = (url: string, request: string, { token, headers = {}, body }: Sending): Promise<Response> => {
  const [method = '', path = ''] = request.split(' ');
  const identity = { ...(headers['cookie'] === undefined && { authorization: `Bearer ${token}` }) };
  return fetch(url + path, {
    method,
    headers: { ...identity, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
};

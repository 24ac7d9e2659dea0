import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { OUTBOX } from '../../outbox/outbox.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { type AppDeps, createApp } from '../app.ts';
import { createRestIndexes } from '../idempotency-key.ts';
import { type Listening, listen } from '../server.ts';
import { api, language, statuses } from './counter.ts';

export type StartedApp = {
  readonly db: Db;
  readonly url: string;
  readonly listening: Listening;
  readonly deps: AppDeps;
  /** Sends with a tenant and, unless there is none, a JSON body. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
  /** How many events were ever committed. */
  readonly eventCount: () => Promise<number>;
  readonly eventsOf: (counterId: string) => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** The counting context over real HTTP on a database of its own. */
export const startApp = async (overrides: Partial<AppDeps> = {}): Promise<StartedApp> => {
  const { mongodbUri } = await testServers();
  const client = await MongoClient.connect(mongodbUri);
  const db = client.db(freshDatabase('rest'));
  await createRestIndexes(db);
  const deps: AppDeps = {
    context: { name: 'counting', version: '1.0.0', api },
    db,
    commands: mongoCommandHandler(client, db, language),
    logger: pino({ level: 'silent' }),
    isDraining: () => false,
    metrics: createMetrics({ context: 'counting' }),
    errors: statuses,
    ...overrides,
  };
  const listening = await listen(createApp(deps), { port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${listening.port}`;
  return {
    db,
    url,
    listening,
    deps,
    send: (path, init = {}) => fetch(url + path, { ...init, headers: { ...JSON_OF_ACME, ...init.headers } }),
    eventCount: () => db.collection(OUTBOX).countDocuments(),
    eventsOf: (id) => db.collection(OUTBOX).countDocuments({ subject: `counter/${id}` }),
    stop: async () => {
      await listening.close();
      await db.dropDatabase();
      await client.close();
    },
  };
};

const JSON_OF_ACME = { 'x-tenant': 'acme-1a2b3c4d', 'content-type': 'application/json' };

export type ProblemBody = {
  code: string;
  status: number;
  requestId: string;
  errors?: unknown[];
  path?: string;
};
export const problemIn = async (response: Response): Promise<ProblemBody> =>
  (await response.json()) as ProblemBody;

import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { mongoCommandHandler } from '../../aggregate/command-handler.ts';
import { startSigner } from '../../identity/signer.ts';
import { identityVerifier } from '../../identity/verify.ts';
import { OUTBOX } from '../../outbox/outbox.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { createApp } from '../app.ts';
import { createRestIndexes } from '../idempotency-key.ts';
import { type Listening, listen } from '../server.ts';
import { api, language, statuses } from './counter.ts';

const CONTEXT = 'counting';

type Deps = Parameters<typeof createApp>[0];

export type StartedApp = {
  readonly db: Db;
  readonly url: string;
  readonly listening: Listening;
  readonly deps: Deps;
  /** Sends JSON through the front door, as acme-1a2b3c4d where it says no other tenant. */
  readonly send: (path: string, init?: RequestInit & { readonly tenant?: string }) => Promise<Response>;
  /** How many events were ever committed. */
  readonly eventCount: () => Promise<number>;
  readonly eventsOf: (counterId: string) => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** The counting context over real HTTP on a database of its own. */
export const startApp = async (overrides: Partial<Deps> = {}): Promise<StartedApp> => {
  const { mongodbUri } = await testServers();
  const client = await MongoClient.connect(mongodbUri);
  const db = client.db(freshDatabase('rest'));
  await createRestIndexes(db);
  const signer = await startSigner();
  const verify = identityVerifier(signer.issuer, CONTEXT);
  const deps: Deps = {
    context: { name: CONTEXT, version: '1.0.0', api },
    db,
    commands: mongoCommandHandler(client, db, language),
    logger: pino({ level: 'silent' }),
    metrics: createMetrics({ context: 'counting' }),
    errors: statuses,
    verify: () => verify,
    ...overrides,
  };
  const listening = await listen(createApp(deps), { port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${listening.port}`;
  return {
    db,
    url,
    listening,
    deps,
    send: async (path, { tenant = 'acme-1a2b3c4d', ...init } = {}) => {
      const token = await signer.sign({ tenant, audience: CONTEXT });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return fetch(url + path, { ...init, headers: { ...headers, ...init.headers } });
    },
    eventCount: () => db.collection(OUTBOX).countDocuments(),
    eventsOf: (id) => db.collection(OUTBOX).countDocuments({ subject: `counter/${id}` }),
    stop: async () => {
      await listening.close();
      await signer.stop();
      await db.dropDatabase();
      await client.close();
    },
  };
};

export type ProblemBody = {
  code: string;
  status: number;
  requestId: string;
  errors?: unknown[];
  path?: string;
};
export const problemIn = async (response: Response): Promise<ProblemBody> =>
  (await response.json()) as ProblemBody;

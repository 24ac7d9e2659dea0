import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import type { Key } from '../../../kit/aggregate/aggregate.ts';
import { type CommandHandler, mongoCommandHandler } from '../../../kit/aggregate/command-handler.ts';
import type { ServeDeps } from '../../../kit/context/context.ts';
import { hashOf, newLoginKey } from '../../../kit/identity/login-key.ts';
import type { Config } from '../../../kit/service/config.ts';
import { createMetrics } from '../../../kit/telemetry/metrics.ts';
import { freshDatabase, freshRedisPrefix, testServers } from '../../../local/servers/for-tests.ts';
import { cloud } from '../contract.ts';
import { type CredentialEvent, credential } from '../credential.ts';
import { type CredentialOwnerEvent, credentialOwner } from '../credential-owner.ts';
import { planLimits } from '../plan-limits.ts';
import { serve } from '../serve.ts';
import { ACCOUNT, type StandingEvent, standing } from '../standing.ts';

export const TENANT = 'acme-1a2b3c4d';

/** Replicas of the front door before one real context, on a database of their own. */
export interface Landscape {
  /** Of the specs and of all replicas in this process; it tells of its commands. */
  readonly client: MongoClient;
  readonly db: Db;
  /** What the context was asked, newest last. */
  readonly asked: { readonly request: IncomingMessage; readonly body: string }[];
  /** What the context answers; `{}` by default. */
  answer(listener: RequestListener): void;
  openReplica(redisUrl?: string): Promise<{ url: string; stop(): Promise<void> }>;
  /** As a process of its own, which can only be killed. */
  openProcess(): Promise<{ url: string; kill(): Promise<void> }>;
  newKey(made?: Partial<KeyMade>): Promise<string>;
  tellKey(keyId: string, event: CredentialEvent): Promise<void>;
  tellUser(userId: string, event: CredentialOwnerEvent): Promise<void>;
  tellStanding(event: StandingEvent, tenant?: string): Promise<void>;
  setPlan(requestsPerSecond: number): Promise<void>;
  close(): Promise<void>;
}

export type KeyMade = Extract<CredentialEvent, { type: 'KeyCreated' }>['data'] & { readonly tenant: string };

const NOW = '2026-01-01T00:00:00.000Z';

export const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

type Asked = Landscape['asked'];

const openUpstream = async (asked: Asked) => {
  let answer: RequestListener = (_, response) => {
    response.setHeader('content-type', 'application/json').end('{}');
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ request, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  return {
    url: await listening(server),
    setAnswer: (listener: RequestListener) => {
      answer = listener;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const writeMap = async (file: string, url: string): Promise<void> => {
  const place = { cell: 'shared', database: 'x', scope: 'Tenant' as const, upstreams: [] };
  const contexts = [
    { ...place, name: 'ordering', url },
    { ...place, name: 'nowhere', url: 'http://127.0.0.1:9' },
    { ...place, name: 'catalog', url },
  ];
  const tenants = [{ id: '*', cell: 'shared', contexts: ['ordering', 'nowhere'] }];
  await writeFile(file, JSON.stringify({ contexts, tenants }));
};

type Serving = Pick<ServeDeps, 'client' | 'db' | 'commands' | 'config'>;

const openReplicaOf = async (serving: Serving) => {
  const logger = pino({ level: 'silent' });
  const metrics = createMetrics({ context: 'cloud' });
  const served = await serve({ ...serving, logger, metrics });
  const server = createServer(served.handler);
  const url = await listening(server);
  let stopped: Promise<void> | undefined;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await served.stop();
  };
  const stop = () => {
    stopped ??= close();
    return stopped;
  };
  return { url, stop };
};

const configOf = (own: Pick<Config, 'MONGODB_URI' | 'MONGODB_DATABASE' | 'CADASTRE_MAP'>) => ({
  ...own,
  PORT: { port: 0 },
  ADMIN_PORT: { port: 0 },
  REDIS_PREFIX: freshRedisPrefix('cloud'),
  CADASTRE_CELL: 'platform',
  LOG_LEVEL: 'silent' as const,
});

const openProcessOf = async (config: Config) => {
  const script = new URL('./replica-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { url: String(line).trim(), kill };
};

const tellers = (commands: CommandHandler) => {
  const tell = async (tenant: string, key: Key, event: unknown): Promise<void> => {
    const decide = () => ({ one: [event] }) as never;
    await commands.handle({ keys: { one: key }, decide }, { tenant, cause: {} });
  };
  const newKey: Landscape['newKey'] = async ({ tenant = TENANT, ...made } = {}) => {
    const key = newLoginKey();
    const keyId = made.keyId ?? `key-${key.slice(4, 12)}`;
    const fixed = { userId: 'ada', hash: hashOf(key), scopes: ['*'], disabled: false, createdAt: NOW };
    await tell(tenant, credential.key(keyId), { type: 'KeyCreated', data: { ...fixed, ...made, keyId } });
    return key;
  };
  return {
    newKey,
    tellKey: (keyId: string, event: CredentialEvent) => tell(TENANT, credential.key(keyId), event),
    tellUser: (userId: string, event: CredentialOwnerEvent) =>
      tell(TENANT, credentialOwner.key(userId), event),
    tellStanding: (event: StandingEvent, tenant = TENANT) => tell(tenant, standing.key(ACCOUNT), event),
    setPlan: async (requestsPerSecond: number) => {
      const data = { requestsPerSecond };
      await tell('platform', planLimits.key('starter'), { type: 'LimitsSet', data });
      const subscribed = { subscriptionId: 's1', plan: 'starter', isActive: true, since: NOW };
      await tell(TENANT, standing.key(ACCOUNT), { type: 'Subscribed', data: subscribed });
    },
  };
};

export const openLandscape = async (): Promise<Landscape> => {
  const { mongodbUri, redisUrl } = await testServers();
  const client = await MongoClient.connect(mongodbUri, { monitorCommands: true });
  const db = client.db(freshDatabase('cloud'));
  const commands = mongoCommandHandler(client, db, cloud);
  const folder = await mkdtemp(join(tmpdir(), 'cloud-spec-'));
  const file = join(folder, 'map.json');
  const asked: Asked = [];
  const upstream = await openUpstream(asked);
  await writeMap(file, upstream.url);
  const own = configOf({ MONGODB_URI: mongodbUri, MONGODB_DATABASE: db.databaseName, CADASTRE_MAP: file });
  const stops: (() => Promise<void>)[] = [];
  return {
    ...tellers(commands),
    client,
    db,
    asked,
    answer: upstream.setAnswer,
    openReplica: async (redis = redisUrl) => {
      const replica = await openReplicaOf({ client, db, commands, config: { ...own, REDIS_URL: redis } });
      stops.push(replica.stop);
      return replica;
    },
    openProcess: async () => {
      const replica = await openProcessOf({ ...own, REDIS_URL: redisUrl });
      stops.push(replica.kill);
      return replica;
    },
    close: async () => {
      await Promise.all(stops.map((stop) => stop()));
      await upstream.stop();
      await db.dropDatabase();
      await client.close();
      await rm(folder, { recursive: true });
    },
  };
};

export type Got = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
};

export const get = async (url: string, key?: string, init: RequestInit = {}): Promise<Got> => {
  const headers = { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...init.headers };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
};

/** Waits until something is as it should be. */
export const until = async (isSo: () => Promise<boolean>, ms = 10_000): Promise<void> => {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

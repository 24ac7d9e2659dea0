import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { cloud } from '../../contexts/cloud/context.ts';
import { subscriptions } from '../../contexts/subscriptions/context.ts';
import { startPlatformFacts } from '../../local/landscape/platform-facts.ts';
import { openSampleAccount, type SampleAccount } from '../../local/sample/account.ts';
import type { PlanSpec } from '../../operator/api/plan.ts';
import { PLATFORM_CONSUMER } from '../../operator/events/context.ts';
import { mongoFacts, planFact } from '../../operator/events/facts.ts';
import type { Ground, Standing } from '../ground.ts';
import { urlOf } from '../shop.ts';
import { addKeys, fillCredentials } from './credentials.ts';
import { whoami } from './doors.ts';
import { type Hammer, startHammer } from './hammer.ts';
import {
  CLOUD_DATABASE,
  ECHO,
  LOADED,
  METERED,
  OPEN,
  OVERDRAWN,
  OWNED,
  PRICED,
  PROXY,
  UNLIMITED,
} from './names.ts';
import { standIn } from './stand-in.ts';

const CREDENTIALS = 100_000;
/** Of the account that the load belongs to. */
const LOADED_KEYS = 64;
/** Of accounts that have no plan, so that none of them meets its limit. */
const OTHER_KEYS = 1_000;
const OTHER_ACCOUNTS = 100;
const OTHER_PER_SECOND = 500;
const OTHER_CONNECTIONS = 16;

/** Subscriptions, two front doors, the relay with its standby, and stand-ins behind and beside the doors. */
export type Stage = Standing & {
  readonly client: MongoClient;
  readonly doors: readonly string[];
  /** Their owners are known by password. */
  readonly owned: SampleAccount;
  readonly overdrawn: SampleAccount;
  /** Login keys of an account without a limit. */
  readonly keys: readonly string[];
  /** 500 requests a second at the first front door, of others. */
  otherLoad(seconds: number): Hammer;
};

/** The same for all who ask on a ground. */
const stages = new WeakMap<Ground, Promise<Stage>>();

export const openStage = (ground: Ground): Promise<Stage> => {
  const known = stages.get(ground);
  if (known !== undefined) return known;
  const stage = createStage(ground);
  stages.set(ground, stage);
  ground.atEnd(() => closeStage(ground));
  return stage;
};

/** Whoever measures servers alone wants nobody else on them. */
export const closeStage = async (ground: Ground): Promise<void> => {
  const stage = stages.get(ground);
  stages.delete(ground);
  await (await stage?.catch(() => undefined))?.stop();
};

const entry = (file: string): string => new URL(file, import.meta.url).pathname;

const createStage = async (ground: Ground): Promise<Stage> => {
  const { promise: keys, resolve: know } = Promise.withResolvers<Keys>();
  const standing = await ground.start({
    contexts: [subscriptions, cloud, ...[ECHO, PROXY, OPEN, METERED].map(standIn)],
    replicas: { cloud: 2 },
    entries: {
      [ECHO]: entry('bare-koa.ts'),
      [PROXY]: entry('plain-proxy.ts'),
      [OPEN]: entry('open-door.ts'),
      [METERED]: entry('metered-door.ts'),
    },
    prepare: async ({ mongodbUri }) => {
      ground.say(`writing ${CREDENTIALS.toLocaleString('en-US')} credentials`);
      know(await writeCredentials(mongodbUri));
    },
  });
  const { mongodbUri } = standing.servers;
  const client = new MongoClient(mongodbUri);
  const platform = await tellPlatform(standing, client);
  const doors = ['cloud', 'cloud-2'].map((name) => urlOf(standing, name));
  const { loaded, others } = await keys;
  const requests = others.map((key) => whoami(key).toString());
  return {
    ...standing,
    client,
    doors,
    owned: await openAccount(standing, OWNED),
    overdrawn: await openAccount(standing, OVERDRAWN),
    keys: loaded,
    otherLoad: (seconds) =>
      startHammer({
        url: doors[0] ?? '',
        requests,
        connections: OTHER_CONNECTIONS,
        seconds,
        perSecond: OTHER_PER_SECOND,
      }),
    stop: async () => {
      await platform.stop();
      await client.close();
      await standing.stop();
    },
  };
};

type Keys = { readonly loaded: readonly string[]; readonly others: readonly string[] };

const writeCredentials = async (mongodbUri: string): Promise<Keys> => {
  const client = new MongoClient(mongodbUri);
  const db = client.db(CLOUD_DATABASE);
  await fillCredentials(db, CREDENTIALS - LOADED_KEYS - OTHER_KEYS);
  const loaded = await addKeys(db, LOADED_KEYS, () => LOADED);
  const others = await addKeys(db, OTHER_KEYS, (index) => `other-${index % OTHER_ACCOUNTS}`);
  await client.close();
  return { loaded, others };
};

/** What the operator would tell of two plans and three tenants. */
const tellPlatform = async ({ servers, landscape }: Standing, client: MongoClient) => {
  const cell = landscape.map.tenants[0]?.cell ?? '';
  const logger = pino({ level: 'silent' });
  const platform = await startPlatformFacts({ ...servers, logger, cell, urls: {} });
  const facts = mongoFacts(client, client.db(PLATFORM_CONSUMER));
  for (const [plan, prices] of [[UNLIMITED], [PRICED, PRICES]] as const) {
    const data = { plan, ...planOf(prices), withdrawn: false };
    await facts.publish(planFact({ type: 'PlanChanged', data }).fact);
  }
  for (const tenant of [OWNED, LOADED, OVERDRAWN]) {
    const plan = tenant === OVERDRAWN ? PRICED : UNLIMITED;
    await platform.provision({ tenant, displayName: tenant, owner: `ada@${tenant}.example`, plan });
  }
  return platform;
};

const PRICES = { currency: 'EUR', basePerMonth: 900, perUnit: { requests: 1 }, included: {}, trialDays: 0 };

const planOf = (prices: PlanSpec['prices']): PlanSpec => ({
  contexts: [ECHO],
  isolation: 'Pooled',
  quotas: { requestsPerSecond: 1_000_000, replicas: 2, cpu: '4', memory: '8Gi', storage: '10Gi' },
  overdraft: { amount: 0, grace: 'P0D' },
  ...(prices && { prices }),
});

const openAccount = (standing: Standing, tenant: string): Promise<SampleAccount> => {
  const { url = '', adminUrl = '' } = standing.landscape.endpoints.get('subscriptions') ?? {};
  const { signal } = new AbortController();
  return openSampleAccount({ url, adminUrl, cloudUrl: urlOf(standing, 'cloud'), tenant, signal });
};

import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { subscriptions } from '../../contexts/subscriptions/contract.ts';
import { aggregate } from '../../kit/aggregate/aggregate.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import { mongoNews } from '../../operator/events/news.ts';
import { type Servers, startServers } from '../servers/start-servers.ts';
import { type Landscape, startLandscape } from './landscape.ts';
import { type PlatformFacts, startPlatformFacts } from './platform-facts.ts';
import { hearing } from './testing/hearing-context.ts';

const logger = pino({ level: 'silent' });
const aTenant = (tenant: string) => ({ tenant, displayName: tenant, owner: 'ada@example', plan: 'starter' });

const until = async <T>(look: () => Promise<T | undefined | false>): Promise<T> => {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await delay(25);
  }
};

type PlanChangeEvent = EventOf<typeof subscriptions, 'plan-change'>;
const wish = aggregate<object, PlanChangeEvent>({
  kind: 'plan-change',
  collection: 'wishes',
  initialState: () => ({}),
  evolve: (state) => state,
});

describe('a landscape with a context of the platform', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'landscape-'));
  let servers: Servers;
  let client: MongoClient;
  let facts: PlatformFacts;
  let landscape: Landscape;

  const startFacts = () =>
    startPlatformFacts({ ...servers, logger, cell: 'local', urls: { ordering: 'http://127.0.0.1:1' } });
  const heard = async (tenant: string, subject: string) => {
    const document = await client
      .db('platform-subscriptions')
      .collection<{ _id: string; state: { last: Record<string, unknown> } }>('heard')
      .findOne({ _id: `${tenant}/${subject}` });
    return document?.state.last;
  };
  const planOf = async (tenant: string) =>
    (await heard(tenant, `subscription/${tenant}-subscription`))?.['plan'];
  const ask = async (tenant: string, plan: string) => {
    const db = client.db('platform-subscriptions');
    const subscriptionId = `${tenant}-subscription`;
    const data = { subscriptionId, plan, requestedAt: new Date().toISOString() };
    const decide = () => ({ wish: [{ type: 'PlanChangeRequested', data } as const] });
    const keys = { wish: wish.key(subscriptionId) };
    await mongoCommandHandler(client, db, subscriptions).handle({ keys, decide }, { tenant, cause: {} });
  };

  before(async () => {
    servers = await startServers({ cacheGb: 0.25 });
    client = await MongoClient.connect(servers.mongodbUri);
    facts = await startFacts();
    await facts.provision(aTenant('early'));
    const entry = fileURLToPath(new URL('testing/hearing.ts', import.meta.url));
    const entries = { [hearing.name]: entry };
    const contexts = [hearing];
    landscape = await startLandscape({
      ...servers,
      ...{ folder, contexts, entries, relays: 1, replicas: { [hearing.name]: 2 } },
    });
    await landscape.ready();
  });
  after(async () => {
    await landscape?.stop();
    await facts?.stop();
    await client?.close();
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs it once for all cells, in as many processes as it should have', async () => {
    const [entry, operator] = landscape.map.contexts;
    const { cell, database, scope, url } = entry ?? {};
    const expected = ['platform', 'platform-subscriptions', 'Platform'];
    deepEqual([cell, database, scope], expected);
    equal(url, landscape.endpoints.get('subscriptions')?.url);
    equal(operator?.database, 'platform-platform');
    deepEqual([...landscape.endpoints.keys()], ['subscriptions', 'relay-1', 'subscriptions-2']);
  });
  it('tells it what was so before it joined', async () => {
    equal((await until(() => heard('early', 'tenant/early')))['name'], 'early');
    equal(await until(() => planOf('early')), 'starter');
    const plan = await until(() => heard('platform', 'plan/dedicated'));
    equal((plan['prices'] as { currency: string }).currency, 'EUR');
  });
  it('tells it of a tenant that comes later', async () => {
    await facts.provision(aTenant('late'));
    const tenant = await until(() => heard('late', 'tenant/late'));
    deepEqual(tenant['endpoints'], { ordering: 'http://127.0.0.1:1' });
  });
  it('refuses a plan of another isolation, and one that is missing', async () => {
    const refused = async () =>
      (await heard('early', 'subscription/early-subscription'))?.['refusedChange'] as
        | { plan: string; reason: string }
        | undefined;
    await ask('early', 'dedicated');
    await until(async () => (await refused())?.reason === 'MoveNotSupported');
    await ask('early', 'gold');
    await until(async () => (await refused())?.reason === 'PlanMissing');
    equal(await planOf('early'), 'starter');
    const news = mongoNews(client, client.db('platform-platform'));
    const answered = async () =>
      (await news.planChangeOf('early', 'early-subscription'))?.answer?.refusal?.reason === 'PlanMissing';
    await until(answered);
  });
  it('shows what it published and handled', async () => {
    const { events } = (await (await fetch(`${facts.adminUrl}/events`)).json()) as {
      events: { type: string; tenant: string }[];
    };
    const told = events.filter(({ tenant }) => tenant === 'early').map(({ type }) => type);
    ok(told.includes('platform.tenant-provisioned.v1'));
    deepEqual(await (await fetch(`${facts.adminUrl}/parked`)).json(), { parked: [] });
  });
  it('says again after a restart what it said last', async () => {
    await facts.stop();
    facts = await startFacts();
    await facts.provision(aTenant('early'));
    const now = await heard('early', 'subscription/early-subscription');
    ok(now?.['refusedChange']);
  });
});

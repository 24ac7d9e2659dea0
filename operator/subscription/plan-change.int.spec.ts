import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { mongoInbox } from '../../kit/inbox/inbox.ts';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { platform } from '../events/context.ts';
import { mongoFacts } from '../events/facts.ts';
import { mongoNews, type News } from '../events/news.ts';
import { aBatch, aRequest } from '../events/testing/a-batch.ts';
import { type Cluster, openCluster } from '../tenant/testing/cluster.ts';
import { aPlan, aSubscription, aTenant } from '../tenant/testing/objects.ts';
import { reconcileOnce } from '../tenant/testing/reconcile-once.ts';
import { aWorld } from '../tenant/testing/world.ts';
import { subscriptionController } from './controller.ts';
import { subscriptionIdOf } from './fact.ts';

describe('a request for another plan', () => {
  let cluster: Cluster;
  let mongo: MongoClient;
  let db: Db;
  let news: News;
  let subscription: Subscription;
  const acme: Tenant = aTenant('acme', { status: { cell: 'pool-1' } });
  const starter = aPlan('starter');
  const extra = aPlan('extra', { contexts: ['shipping'] });

  before(async function () {
    this.timeout(120_000);
    cluster = await openCluster();
    mongo = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  });
  beforeEach(async () => {
    db = mongo.db(freshDatabase('platform'));
    news = mongoNews(mongo, db);
    subscription = await cluster.make(subscriptionKind, aSubscription('asked-starter'));
  });
  afterEach(async () => {
    await cluster.remove(subscriptionKind, 'asked-starter');
    await db.dropDatabase();
  });
  after(async () => {
    await cluster.stop();
    await mongo.close();
  });

  const ask = async (plan: string): Promise<void> => {
    const { signal } = new AbortController();
    const logger = pino({ level: 'silent' });
    const inbox = mongoInbox({
      client: mongo,
      db,
      language: platform.publishes,
      reactions: platform.reactions,
      signal,
      logger,
    });
    const data = { subscriptionId: subscriptionIdOf(subscription), plan };
    await inbox.handle(aBatch(aRequest(plan, { tenant: tenantIdOf(acme), data })));
  };
  /** With caches that show what the API server has. */
  const reconcile = async (overrides: Partial<News> = {}): Promise<void> => {
    const parent = await now();
    const controller = subscriptionController({
      kube: cluster.kube,
      facts: mongoFacts(mongo, db),
      news: { ...news, ...overrides },
    });
    const world = aWorld(acme, starter, extra, parent);
    await reconcileOnce({ kube: cluster.kube, controller, world }, parent);
  };
  const now = async () =>
    (await cluster.find<Subscription>(subscriptionKind, 'asked-starter')) ?? assert.fail('it is gone');
  const told = async () =>
    (await db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray()).map(
      ({ event }) => JSON.parse(event).data,
    );

  it('is granted by a patch of the resource, and answered with the fact that follows', async () => {
    await reconcile();
    await ask('extra');
    await reconcile();
    assert.equal((await now()).spec.plan, 'extra');
    await reconcile();
    assert.deepEqual(
      (await told()).map(({ plan, state }) => [plan, state]),
      [
        ['starter', 'Active'],
        ['extra', 'Active'],
      ],
    );
  });
  it('is refused with a condition and a fact, and the plan stays', async () => {
    await ask('absent');
    await reconcile();
    const { spec, status } = await now();
    assert.equal(spec.plan, 'starter');
    const refused = status?.conditions.find(({ type }) => type === 'PlanChange');
    assert.deepEqual([refused?.status, refused?.reason], ['False', 'PlanMissing']);
    assert.deepEqual((await told()).at(-1)?.refusedChange, { plan: 'absent', reason: 'PlanMissing' });
  });
  it('is granted by the next operator when one dies before it has closed it', async () => {
    await ask('extra');
    const dies = async () => {
      throw new Error('killed');
    };
    await assert.rejects(reconcile({ answer: dies }), /killed/);
    assert.equal((await now()).spec.plan, 'extra');
    await reconcile();
    const id = subscriptionIdOf(subscription);
    assert.deepEqual((await news.planChangeOf(tenantIdOf(acme), id))?.answer, {});
  });
  it('never undoes a later change of the resource once it is closed', async () => {
    await ask('extra');
    await reconcile();
    await cluster.kube.request({
      method: 'PATCH',
      path: '/apis/cadastre.dev/v1alpha1/subscriptions/asked-starter',
      contentType: 'application/merge-patch+json',
      body: { spec: { plan: 'starter' } },
    });
    await reconcile();
    assert.equal((await now()).spec.plan, 'starter');
  });
  it('is not granted to another subscription that has taken the name', async () => {
    await ask('extra');
    const before = await now();
    await cluster.remove(subscriptionKind, 'asked-starter');
    await cluster.make(subscriptionKind, aSubscription('asked-starter'));
    const deps = { kube: cluster.kube, facts: mongoFacts(mongo, db), news };
    const world = aWorld(acme, starter, extra, before);
    const reconciling = { kube: cluster.kube, controller: subscriptionController(deps), world };
    await assert.rejects(reconcileOnce(reconciling, before), { reason: 'Invalid' });
    await reconcile();
    assert.equal((await now()).spec.plan, 'starter');
  });
});

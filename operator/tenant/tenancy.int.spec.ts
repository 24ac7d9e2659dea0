import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { padSequence } from '../../kit/event/cloud-event.ts';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { bullmqSender } from '../../kit/queue/bullmq-queue.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { conditionIn, lookupIndexes } from '../api/lookups.ts';
import { type Plan, planKind } from '../api/plan.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { type Tenant, tenantIdOf, tenantKind } from '../api/tenant.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { Resource } from '../engine/resource.ts';
import { type AnyController, type Operator, runOperator } from '../engine/run-operator.ts';
import { applyStatus, mergePatch } from '../engine/verbs.ts';
import { mongoFacts } from '../events/facts.ts';
import { mongoNews } from '../events/news.ts';
import { type RunningEvents, startEvents } from '../events/start.ts';
import { aTold } from '../events/testing/a-batch.ts';
import { planController } from '../plan/controller.ts';
import { subscriptionController } from '../subscription/controller.ts';
import { tenantController } from './controller.ts';
import { type Cluster, openCluster } from './testing/cluster.ts';
import { aContext, aPlan, aRunningCell, aSubscription, aTenant } from './testing/objects.ts';

const logger = pino({ level: 'silent' });

/** The three controllers as they are run, and a spec that speaks the parts of the cell and of the subscriptions context. */
describe('tenancy', () => {
  let cluster: Cluster;
  let mongo: MongoClient;
  let redisUrl: string;
  let db: Db;
  let events: RunningEvents;
  let stopping: AbortController;
  let operator: Operator;

  before(async function () {
    this.timeout(120_000);
    cluster = await openCluster();
    const servers = await testServers();
    redisUrl = servers.redisUrl;
    mongo = new MongoClient(servers.mongodbUri, { appName: 'cadastre' });
    db = mongo.db(freshDatabase('platform'));
    const news = mongoNews(mongo, db);
    events = await startEvents({ client: mongo, db, redisUrl, logger, news, consumer: db.databaseName });
    const { kube } = cluster;
    const facts = mongoFacts(mongo, db);
    const controllers: readonly AnyController[] = [
      planController({ facts }),
      tenantController({ kube, mongo, facts }),
      subscriptionController({ kube, facts, news }),
    ];
    stopping = new AbortController();
    const reflect = (resource: Resource) => ({ indexes: lookupIndexes(resource) });
    operator = runOperator({ client: kube, controllers, logger, signal: stopping.signal, reflect });
  });
  after(async () => {
    for (const [resource, name] of [
      [subscriptionKind, 'nora-own'],
      [tenantKind, 'nora'],
      [planKind, 'own'],
      [cellKind, 'nora'],
    ] as const)
      await cluster.remove(resource, name);
    await until(async () => (await cluster.find(planKind, 'own')) === undefined);
    stopping.abort();
    await operator.ended;
    await events.stop();
    await cluster.stop();
    await db.dropDatabase();
    await mongo.close();
  });

  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await delay(20);
  };
  const reasonOf = async (resource: Resource, name: string, type = 'Ready') => {
    const found = await cluster.find<Plan | Tenant | Subscription>(resource, name);
    return conditionIn(found, type)?.reason;
  };
  const untilReason = (resource: Resource, name: string, reason: string) =>
    until(async () => (await reasonOf(resource, name)) === reason);
  const untilStanding = (reason: string) =>
    until(async () => (await reasonOf(subscriptionKind, 'nora-own', 'Standing')) === reason);
  /** What other controllers report. */
  const report = (resource: Resource, { apiVersion, kind, metadata }: KubeObject, status: object) => {
    const object = { apiVersion, kind, metadata: { name: metadata.name }, status } as KubeObject;
    return applyStatus(cluster.kube, { resource, object, fieldManager: 'spec' });
  };
  const told = async (): Promise<string[]> => {
    const found = await db.collection<OutboxDocument>(OUTBOX).find().sort({ at: 1 }).toArray();
    return found.map(({ event }) => {
      const { type, data } = JSON.parse(event);
      return [type.split('.')[1], data.state].filter((part) => part !== undefined).join(' ');
    });
  };
  const tenant = async () => (await cluster.find<Tenant>(tenantKind, 'nora')) ?? assert.fail('no tenant');

  it('waits for what is missing, and heals when it appears, whatever comes first', async () => {
    const mine = { tenant: 'nora', plan: 'own' };
    await cluster.make(subscriptionKind, aSubscription('nora-own', mine));
    await untilReason(subscriptionKind, 'nora-own', 'TenantMissing');
    await cluster.make(tenantKind, aTenant('nora'));
    await untilReason(tenantKind, 'nora', 'PlanMissing');
    await untilReason(subscriptionKind, 'nora-own', 'PlanMissing');
    const plan = aPlan('own', { contexts: ['weaving'], isolation: 'Dedicated' });
    const { status: _, ...written } = plan;
    await cluster.make(planKind, written);
    await untilReason(planKind, 'own', 'ContextMissing');
    const { status, ...context } = aContext('weaving');
    await cluster.make(boundedContextKind, context);
    await untilReason(planKind, 'own', 'ContextNotReleased');
    await report(boundedContextKind, context, { released: status?.released });
    await untilReason(planKind, 'own', 'Valid');
    await until(async () => (await told()).includes('plan-changed'));
    assert.equal((await cluster.find<Plan>(planKind, 'own'))?.status?.subscriptions, 1);
  });

  it('makes the cell, waits for it, and tells everyone when it runs', async () => {
    await until(async () => (await cluster.find(cellKind, 'nora')) !== undefined);
    await untilReason(tenantKind, 'nora', 'CellNotReady');
    await untilReason(subscriptionKind, 'nora-own', 'ContextsNotReady');
    const id = tenantIdOf(await tenant());
    const cell = aRunningCell('nora', [{ name: 'nora', id }], { contexts: ['weaving'] });
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const conditions = cell.status?.conditions.map((one) => ({ ...one, lastTransitionTime }));
    await report(cellKind, cell, { ...cell.status, conditions });
    await untilReason(tenantKind, 'nora', 'Running');
    await untilReason(subscriptionKind, 'nora-own', 'Running');
    const { status } = await tenant();
    assert.deepEqual([status?.id, status?.cell], [id, 'nora']);
    assert.deepEqual(status?.endpoints, { weaving: 'http://weaving.cadastre-nora.svc' });
    await until(async () => (await told()).includes('tenant-provisioned'));
    assert.ok((await told()).includes('subscription-changed Active'));
  });

  it('shows how the account stands as soon as somebody says so', async () => {
    assert.equal(await reasonOf(subscriptionKind, 'nora-own', 'Standing'), 'NothingHeard');
    const sender = bullmqSender({ redisUrl, logger }, () => undefined);
    const id = tenantIdOf(await tenant());
    const say = (n: number, name: string, data: object) => {
      const event = aTold(name, data, { tenant: id, sequence: padSequence(n) });
      return sender.send(db.databaseName, { v: 1, epoch: 1, n, events: [JSON.stringify(event)] });
    };
    await say(1, 'account-locked', { reasons: ['overdrawn'] });
    await untilStanding('AccountLocked');
    assert.equal(await reasonOf(subscriptionKind, 'nora-own'), 'Running');
    await say(2, 'account-unlocked', {});
    await untilStanding('AccountUnlocked');
    await sender.close();
  });

  it('suspends and resumes', async () => {
    const suspend = (suspended: boolean) =>
      mergePatch(cluster.kube, { resource: tenantKind, key: 'nora', patch: { spec: { suspended } } });
    await suspend(true);
    await untilReason(tenantKind, 'nora', 'Suspended');
    await untilReason(subscriptionKind, 'nora-own', 'TenantSuspended');
    await suspend(false);
    await untilReason(tenantKind, 'nora', 'Running');
    await untilReason(subscriptionKind, 'nora-own', 'Running');
  });

  it('takes the cell with the tenant, tells the end, and leaves the subscription with a condition', async () => {
    await cluster.remove(tenantKind, 'nora');
    await until(async () => (await cluster.find(tenantKind, 'nora')) === undefined);
    assert.equal(await cluster.find<Cell>(cellKind, 'nora'), undefined);
    await untilReason(subscriptionKind, 'nora-own', 'TenantDeleted');
    const all = await told();
    assert.ok(all.includes('subscription-changed Ended') && all.includes('tenant-removed'));
    assert.equal(all.filter((one) => one === 'tenant-removed').length, 1);
  });

  it('lets the plan go once no tenant uses it', async () => {
    await cluster.remove(planKind, 'own');
    await until(async () => (await cluster.find(planKind, 'own')) === undefined);
  });
});

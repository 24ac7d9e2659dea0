import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { type CloudEvent, padSequence } from '../../kit/event/cloud-event.ts';
import { joinRequests } from '../../kit/outbox/join-requests.ts';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { bullmqSender } from '../../kit/queue/bullmq-queue.ts';
import type { BatchSender } from '../../kit/queue/queue.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { mongoFacts } from './facts.ts';
import { mongoNews, type News, type NewsBell } from './news.ts';
import { type RunningEvents, startEvents } from './start.ts';
import { aRequest, aTold } from './testing/a-batch.ts';
import { aTenantProvisioned } from './testing/events.ts';

const TENANT = 'acme-00000001';
const SUBSCRIPTION = 'acme-starter-00000002';
const logger = pino({ level: 'silent' });

describe('the events of the operator', () => {
  let client: MongoClient;
  let redisUrl: string;
  let db: Db;
  let news: News & NewsBell;
  let sender: BatchSender;
  let running: RunningEvents;
  let heard: string[];
  let sent = 0;

  const start = () =>
    startEvents({
      client,
      db,
      redisUrl,
      logger,
      consumer: db.databaseName,
      news,
    });
  const send = (...events: readonly CloudEvent[]): Promise<void> => {
    sent += 1;
    const texts = events.map((event) => JSON.stringify(event));
    return sender.send(db.databaseName, { v: 1, epoch: 1, n: sent, events: texts });
  };
  const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await condition())) await delay(10);
  };

  before(async () => {
    const servers = await testServers();
    redisUrl = servers.redisUrl;
    client = new MongoClient(servers.mongodbUri, { appName: 'cadastre' });
    sender = bullmqSender({ redisUrl, logger }, () => undefined);
  });
  beforeEach(async () => {
    db = client.db(freshDatabase('platform'));
    heard = [];
    news = mongoNews(client, db);
    news.listen((tenantId) => heard.push(tenantId));
    running = await start();
  });
  afterEach(async () => {
    await running.stop();
    await db.dropDatabase();
  });
  after(async () => {
    await sender.close();
    await client.close();
  });

  it('know nothing of an account before anyone speaks', async () => {
    assert.equal(await news.standingOf(TENANT), undefined);
    assert.equal(await news.planChangeOf(TENANT, SUBSCRIPTION), undefined);
  });
  it('record that an account is locked and unlocked, and say whose', async () => {
    await send(aTold('account-locked', { reasons: ['overdrawn'] }));
    await until(() => heard.length === 1);
    assert.deepEqual(heard, [TENANT]);
    assert.deepEqual(await news.standingOf(TENANT), { locked: true, reasons: ['overdrawn'] });
    await send(aTold('account-unlocked', {}, { sequence: padSequence(2) }));
    await until(() => heard.length === 2);
    assert.deepEqual(await news.standingOf(TENANT), { locked: false, reasons: [] });
  });
  it('keep tenants apart', async () => {
    await send(aTold('account-locked', { reasons: [] }), aRequest('gold', { tenant: 'eve-00000009' }));
    await until(() => heard.length === 2);
    assert.equal(await news.standingOf('eve-00000009'), undefined);
    assert.equal(await news.planChangeOf(TENANT, SUBSCRIPTION), undefined);
  });
  it('keep a request open until it is answered, over a restart', async () => {
    const event = aRequest('gold');
    await send(event);
    await until(() => heard.length === 1);
    await running.stop();
    running = await start();
    assert.deepEqual(await news.planChangeOf(TENANT, SUBSCRIPTION), { plan: 'gold', request: event.id });
    const about = { tenantId: TENANT, subscriptionId: SUBSCRIPTION, request: event.id };
    await news.answer({ ...about, answer: {} });
    await news.answer({ ...about, answer: { refusal: { reason: 'PlanMissing', message: 'too late' } } });
    assert.deepEqual((await news.planChangeOf(TENANT, SUBSCRIPTION))?.answer, {});
  });
  it('leave a later request open when an earlier one is answered', async () => {
    const [first, second] = [aRequest('gold'), aRequest('silver')];
    await send(first, second);
    await until(() => heard.length === 1);
    await news.answer({ tenantId: TENANT, subscriptionId: SUBSCRIPTION, request: first.id, answer: {} });
    const change = await news.planChangeOf(TENANT, SUBSCRIPTION);
    assert.deepEqual(change, { plan: 'silver', request: second.id });
  });
  it('park what cannot be read, for an admin to see', async () => {
    await send(aTold('account-locked', { reasons: 'none' }));
    await until(() => heard.length === 1);
    const parked = running.operations.find(({ path }) => path === '/parked');
    const { parked: [one] = [] } = (await parked?.run({})) as { parked: { failure: { code: string } }[] };
    assert.equal(one?.failure.code, 'contract-mismatch');
    assert.equal(await news.standingOf(TENANT), undefined);
  });
  it('tell a consumer that joins with snapshots the last fact of each subject', async () => {
    const fact = { about: 'tenant', tenant: TENANT, id: TENANT, event: aTenantProvisioned() } as const;
    await mongoFacts(client, db).publish(fact);
    await joinRequests(db).insertOne({
      _id: 'cell-a-cloud/platform/tenant/*',
      consumer: 'cell-a-cloud',
      kind: 'tenant',
      tenant: null,
      start: 'snapshot',
      requestedAt: new Date(),
    });
    const outbox = db.collection<OutboxDocument>(OUTBOX);
    await until(async () => (await outbox.countDocuments({ to: 'cell-a-cloud' })) === 1);
    const mark = JSON.parse((await outbox.findOne({ to: 'cell-a-cloud' }))?.event ?? '{}');
    assert.deepEqual(
      [mark.type, mark.mark, mark.sequence],
      ['platform.tenant-provisioned.v1', 'snapshot', '0000000001'],
    );
    assert.deepEqual(mark.data, fact.event.data);
  });
});

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
import { platformOperations } from './inbox.ts';
import { mongoNews, type News, type NewsBell } from './news.ts';
import { type RunningEvents, startEvents } from './start.ts';
import { aRequest, aTold } from './testing/a-batch.ts';
import { aTenantProvisioned } from './testing/events.ts';

const TENANT = 'acme-00000001';
const SUBSCRIPTION = 'acme-starter-00000002';
const logger = pino({ level: 'silent' });

type Parked = { readonly failure: { readonly code: string } };

describe('the events of the operator', () => {
  let client: MongoClient;
  let redisUrl: string;
  let db: Db;
  let news: News & NewsBell;
  let sender: BatchSender;
  let running: RunningEvents;
  let heard: string[];
  let sent = 0;
  const stopping = new AbortController();

  const start = () =>
    startEvents({
      client,
      db,
      redisUrl,
      logger,
      consumer: db.databaseName,
      news,
    });
  /** Another process, which does not lead. */
  const ask = async (method: string, path: string, query: Record<string, string> = {}): Promise<unknown> => {
    const operations = platformOperations({ client, db, logger, signal: stopping.signal });
    return await operations.find((one) => one.method === method && one.path === path)?.run(query);
  };
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
    await until(() => heard.length > 0);
    assert.deepEqual([...new Set(heard)], [TENANT]);
    assert.deepEqual(await news.standingOf(TENANT), { locked: true, reasons: ['overdrawn'] });
    await send(aTold('account-unlocked', {}, { sequence: padSequence(2) }));
    await until(async () => (await news.standingOf(TENANT))?.locked === false);
    assert.deepEqual(await news.standingOf(TENANT), { locked: false, reasons: [] });
  });
  it('keep tenants apart', async () => {
    await send(aTold('account-locked', { reasons: [] }), aRequest('gold', { tenant: 'eve-00000009' }));
    await until(() => new Set(heard).size === 2);
    assert.equal(await news.standingOf('eve-00000009'), undefined);
    assert.equal(await news.planChangeOf(TENANT, SUBSCRIPTION), undefined);
  });
  it('keep a request open until it is answered, over a restart', async () => {
    const event = aRequest('gold');
    await send(event);
    await until(() => heard.length > 0);
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
    await until(() => heard.length > 0);
    await news.answer({ tenantId: TENANT, subscriptionId: SUBSCRIPTION, request: first.id, answer: {} });
    const change = await news.planChangeOf(TENANT, SUBSCRIPTION);
    assert.deepEqual(change, { plan: 'silver', request: second.id });
  });
  it('park what cannot be read, for an admin to see', async () => {
    await send(aTold('account-locked', { reasons: 'none' }));
    const parked = async () => ((await ask('GET', '/parked')) as { parked: Parked[] }).parked;
    await until(async () => (await parked()).length === 1);
    assert.equal((await parked())[0]?.failure.code, 'contract-mismatch');
    assert.equal(await news.standingOf(TENANT), undefined);
    await ask('POST', '/discard');
    assert.deepEqual(await parked(), []);
  });
  it('tell the leader of what another process was asked to let go on', async () => {
    await send(
      aTold('account-locked', { reasons: 'none' }),
      aTold('account-locked', { reasons: ['late'] }, { sequence: padSequence(2) }),
    );
    await until(async () => ((await ask('GET', '/parked')) as { parked: Parked[] }).parked.length === 1);
    await until(() => heard.length > 0);
    const before = heard.length;
    await ask('POST', '/discard');
    assert.deepEqual(await news.standingOf(TENANT), { locked: true, reasons: ['late'] });
    await until(() => heard.length > before);
  });
  it('are found by a trace', async () => {
    const event = aTold('account-locked', { reasons: ['overdrawn'] });
    await send(event);
    await until(() => heard.length > 0);
    const { handled } = (await ask('GET', '/trace', { ids: event.id })) as { handled: { id: string }[] };
    assert.deepEqual(
      handled.map(({ id }) => id),
      [event.id],
    );
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

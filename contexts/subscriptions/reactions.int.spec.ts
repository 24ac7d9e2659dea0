import { deepEqual, equal } from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { padSequence } from '../../kit/event/cloud-event.ts';
import { hashOf } from '../../kit/identity/login-key.ts';
import { createInboxIndexes } from '../../kit/inbox/documents.ts';
import { readParked } from '../../kit/inbox/held.ts';
import { type Inbox, mongoInbox } from '../../kit/inbox/inbox.ts';
import { aBatch } from '../../kit/testing/a-batch.ts';
import { testServers } from '../../local/servers/for-tests.ts';
import { platform } from '../../operator/events/language.ts';
import { cloud } from '../cloud/contract.ts';
import { subscriptions } from './context.ts';
import { monthOf } from './pricing/month.ts';
import { ACME, field, type Person, peopleOf } from './testing/people.ts';
import { aPrice } from './testing/prices.ts';

/** As the relay brings them. */
const told = (
  type: string,
  data: object,
  about: { subject: string; tenant?: string; sequence?: number },
) => ({
  ...{ specversion: '1.0', id: uuidv7(), source: `/${type.split('.')[0]}`, type, data },
  ...{ time: new Date().toISOString(), datacontenttype: 'application/json' },
  ...{ tenant: ACME, ...about, sequence: padSequence(about.sequence ?? 1) },
});
const aboutTenant = (sequence: number) => ({ subject: `tenant/${ACME}`, sequence });

const { PlanChanged, TenantProvisioned, TenantRemoved, SubscriptionChanged } = platform.events;
const quotas = { requestsPerSecond: 1, replicas: 1, cpu: '1', memory: '1', storage: '1' };
const plan = {
  ...{ plan: 'starter', contexts: [], isolation: 'Pooled', quotas, withdrawn: false },
  ...{ prices: aPrice({ included: {} }), overdraft: { amount: 50, grace: 'P0D' } },
};
const tenant = { tenantId: ACME, name: 'acme', displayName: 'Acme', owner: 'o', suspended: false };
const provisioned = { ...tenant, cell: 'c', endpoints: {} };
const subscription = { subscriptionId: 's1', name: 'main', tenantName: 'acme', plan: 'starter' };

describe('what subscriptions hears', () => {
  let served: ServedContext;
  let client: MongoClient;
  let inbox: Inbox;
  let ada: Person;
  const stopping = new AbortController();
  before(async () => {
    served = await serveContext(subscriptions);
    client = await MongoClient.connect((await testServers()).mongodbUri);
    const db = client.db(served.db.databaseName);
    await createInboxIndexes(db);
    const { publishes: language, reactions } = subscriptions;
    const logger = pino({ level: 'silent' });
    const { signal } = stopping;
    inbox = mongoInbox({ client, db, language, reactions, signal, logger });
    ada = await peopleOf(served).firstOwner();
  });
  after(async () => {
    stopping.abort();
    await client.close();
    await served.stop();
  });

  const hear = (...events: object[]) => inbox.handle(aBatch(events));
  const account = async () => (await ada.ask('GET /v1/account')).body;
  let windows = 0;
  const day = new Date().toISOString().slice(0, 10);
  const window = (units: number, more: object = {}) => {
    windows += 1;
    const at = `${day}T00:00:00.000Z`;
    const data = { windowId: `w${windows}`, meter: 'requests', units, from: at, to: at, keys: [], ...more };
    const { type } = cloud.events.UsageRecorded;
    return told(type, data, { subject: `usage/${day}`, sequence: windows });
  };
  const outbox = async (type: string) =>
    served.db.collection('outbox').countDocuments({ type: `subscriptions.${type}.v1` });

  it('opens an account on tenant-provisioned, and a plan on subscription-changed', async () => {
    equal((await account())['code'], 'account-not-found');
    await hear(
      told(PlanChanged.type, plan, { subject: 'plan/starter', tenant: 'platform' }),
      told(TenantProvisioned.type, provisioned, aboutTenant(1)),
      told(SubscriptionChanged.type, { ...subscription, state: 'Active' }, { subject: 'subscription/s1' }),
    );
    const { status, plan: name, displayName } = await account();
    deepEqual([status, name, displayName], ['open', 'starter', 'Acme']);
  });

  it('charges a window once, however often it is told, and says when a key was used', async () => {
    const created = await ada.ask('POST /v1/keys', { name: 'till', scopes: ['*'] });
    const keyId = field(created.body, 'key', 'keyId');
    const lastUsedAt = `${day}T00:00:09.000Z`;
    const used = window(20, { keys: [{ keyId, lastUsedAt }] });
    await hear(used, used);
    await hear(used);
    // The same window under another event: of a front door that did not know whether it had told.
    windows += 1;
    await hear({ ...used, id: uuidv7(), sequence: padSequence(windows) });
    deepEqual((await account())['balance'], { amount: -40, currency: 'EUR' });
    const { totals } = (await ada.ask(`GET /v1/consumption?month=${monthOf(lastUsedAt)}`)).body;
    deepEqual(totals, { requests: 20 });
    const [listed] = (await ada.ask('GET /v1/keys')).body.items;
    equal(listed?.['lastUsedAt'], lastUsedAt);
    equal(JSON.stringify(listed).includes(hashOf(field(created.body, 'secret'))), false);
  });

  it('tells once that the account is locked, and once that it is not', async () => {
    await hear(window(6), window(1), window(1));
    deepEqual((await account())['lockReasons'], ['overdraft']);
    const body = { amount: 1_000, cause: 'r1' };
    await served.ask(`POST /v1/accounts/${ACME}/top-ups`, { body, staff: true });
    deepEqual([await outbox('account-locked'), await outbox('account-unlocked')], [1, 1]);
  });

  it('parks a window from the future, and goes on once that is discarded', async () => {
    const before = (await account())['balance'];
    const to = new Date(Date.now() + 25 * 3_600_000).toISOString();
    await hear(window(500, { to }));
    const [parked] = await readParked(served.db);
    equal(parked?.failure.code, 'window-in-future');
    deepEqual((await account())['balance'], before);
    await inbox.discard(parked?.stream ?? '');
    await hear(window(1));
    deepEqual((await account())['balance'], { amount: field<number>(before, 'amount') - 2, currency: 'EUR' });
  });

  it('locks with the tenant’s suspension, and closes with its removal', async () => {
    await hear(told(TenantProvisioned.type, { ...provisioned, suspended: true }, aboutTenant(2)));
    deepEqual((await account())['lockReasons'], ['suspended']);
    await hear(told(TenantRemoved.type, { tenantId: ACME, name: 'acme' }, aboutTenant(3)));
    deepEqual((await account())['lockReasons'], ['suspended', 'closed']);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { createInboxIndexes } from '../../kit/inbox/documents.ts';
import { mongoInbox } from '../../kit/inbox/inbox.ts';
import { aBatch, aCounted } from '../../kit/testing/a-batch.ts';
import { tallyLanguage, tallyReactions } from '../../kit/testing/tally.ts';
import { testServers } from '../../local/servers/for-tests.ts';
import { mongoTenantDocuments } from './documents.ts';

const ACME = 'acme-00000001';
/** A name that goes on as the other one does, and one that holds it. */
const OTHERS = ['acme-000000012', 'x-acme-00000001', 'eve-00000009'];

type Named = { _id: string };

describe('the documents of a tenant', () => {
  let client: MongoClient;
  let cell: string;
  const databaseOf = (context: string) => client.db(`${cell}-${context}`);

  before(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  });
  beforeEach(() => {
    cell = `pool-${randomUUID().slice(0, 8)}`;
  });
  afterEach(async () => {
    for (const context of ['tallying', 'ordering']) await databaseOf(context).dropDatabase();
  });
  after(() => client.close());

  /** Effects, published events, positions, one event behind a gap, and one that was in hand of a process that died. */
  const letHandle = async (tenant: string): Promise<void> => {
    const db = databaseOf('tallying');
    await createInboxIndexes(db);
    const { signal } = new AbortController();
    const logger = pino({ level: 'silent' });
    const inbox = mongoInbox({
      client,
      db,
      language: tallyLanguage,
      reactions: tallyReactions,
      signal,
      logger,
    });
    await inbox.handle(aBatch([aCounted(1, { tenant }), aCounted(3, { tenant })]));
    const hands = db.collection<Named>('inbox_hands');
    await hands.insertOne({ _id: `counting/${tenant}/counter/one#2` });
    const keys = db.collection<Named>('idempotency_keys');
    await keys.insertOne({ _id: `${tenant}|POST /tallies|key-1` });
  };
  /** Every document that names a tenant in its id or its field, by collection. */
  const leftOf = async (tenant: string): Promise<Record<string, number>> => {
    const db = databaseOf('tallying');
    const left: Record<string, number> = {};
    for (const { name } of await db.listCollections().toArray()) {
      const documents = await db.collection<Named>(name).find().toArray();
      const named = documents.filter((one) =>
        JSON.stringify(one)
          .split(/[/|"]/)
          .some((part) => part === tenant),
      );
      if (named.length > 0) left[name] = named.length;
    }
    return left;
  };
  const all = {
    idempotency_keys: 1,
    inbox: 1,
    inbox_hands: 1,
    inbox_held: 1,
    outbox: 1,
    tallies: 1,
  };
  const sorted = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).sort());

  it('are removed from every collection, and nobody else’s', async () => {
    for (const tenant of [ACME, ...OTHERS]) await letHandle(tenant);
    assert.deepEqual(sorted(await leftOf(ACME)), all);
    await mongoTenantDocuments(client).remove({ cell, tenantId: ACME });
    assert.deepEqual(await leftOf(ACME), {});
    for (const other of OTHERS) assert.deepEqual(sorted(await leftOf(other)), all, other);
  });
  it('are removed from every database of the cell, and of no other cell', async () => {
    const orders = (name: string) => client.db(name).collection('orders');
    const elsewhere = `another-${cell}-ordering`;
    for (const name of [`${cell}-ordering`, `${cell}-tallying`, elsewhere])
      await orders(name).insertOne({ tenant: ACME });
    await mongoTenantDocuments(client).remove({ cell, tenantId: ACME });
    const counts = await Promise.all(
      [`${cell}-ordering`, `${cell}-tallying`, elsewhere].map((name) => orders(name).countDocuments()),
    );
    assert.deepEqual(counts, [0, 0, 1]);
    await client.db(elsewhere).dropDatabase();
  });
  it('may be removed again', async () => {
    await letHandle(ACME);
    const documents = mongoTenantDocuments(client);
    await documents.remove({ cell, tenantId: ACME });
    await documents.remove({ cell, tenantId: ACME });
    assert.deepEqual(await leftOf(ACME), {});
  });
});

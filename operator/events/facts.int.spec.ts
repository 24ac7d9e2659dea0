import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Db, MongoClient } from 'mongodb';
import type { CloudEvent } from '../../kit/event/cloud-event.ts';
import { createOutboxIndexes, OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type Facts, mongoFacts, planFact } from './facts.ts';
import { aPlanChanged, aTenantProvisioned, aTenantRemoved } from './testing/events.ts';

const TENANT = 'acme-00000001';

describe('the facts', () => {
  let client: MongoClient;
  let uri: string;
  let db: Db;
  let facts: Facts;

  before(async () => {
    uri = (await testServers()).mongodbUri;
    client = new MongoClient(uri, { appName: 'cadastre' });
  });
  beforeEach(async () => {
    db = client.db(freshDatabase('platform'));
    await createOutboxIndexes(db);
    facts = mongoFacts(client, db);
  });
  afterEach(() => db.dropDatabase());
  after(() => client.close());

  const outbox = async () => {
    const found = await db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray();
    return found.map(({ event }) => JSON.parse(event) as CloudEvent & { data: Record<string, unknown> });
  };
  const provisionedIn = (cell: string) =>
    ({ about: 'tenant', tenant: TENANT, id: TENANT, event: aTenantProvisioned({ cell }) }) as const;

  it('are published once, and again only when they differ', async () => {
    for (const cell of ['pool-1', 'pool-1', 'pool-1', 'pool-2', 'pool-2', 'pool-1'])
      await facts.publish(provisionedIn(cell));
    const events = await outbox();
    assert.deepEqual(
      events.map(({ sequence, data }) => [sequence, data['cell']]),
      [
        ['0000000001', 'pool-1'],
        ['0000000002', 'pool-2'],
        ['0000000003', 'pool-1'],
      ],
    );
  });
  it('are events of the tenant, about it, in the language of the platform', async () => {
    await facts.publish(provisionedIn('pool-1'));
    const [event = assert.fail()] = await outbox();
    assert.deepEqual(
      [event.source, event.type, event.subject, event.tenant],
      ['/platform', 'platform.tenant-provisioned.v1', `tenant/${TENANT}`, TENANT],
    );
    assert.deepEqual(event.data['endpoints'], { ordering: 'http://ordering.cadastre-pool-1.svc' });
  });
  it('about plans are the platform’s own, and keep what is optional apart from what is absent', async () => {
    await facts.publish(planFact(aPlanChanged({ displayName: undefined })).fact);
    await facts.publish(planFact(aPlanChanged()).fact);
    const [event = assert.fail(), ...more] = await outbox();
    assert.deepEqual([event.tenant, event.subject, more], ['platform', 'plan/starter', []]);
    assert.equal('displayName' in event.data, false);
  });
  it('take names of meters as they are', async () => {
    const prices = { currency: 'EUR', basePerMonth: 900, perUnit: { 'api.requests': 1, $odd: 2 } };
    await facts.publish(planFact(aPlanChanged({ prices })).fact);
    await facts.publish(planFact(aPlanChanged({ prices })).fact);
    const events = await outbox();
    assert.deepEqual(
      events.map(({ data }) => data['prices']),
      [prices],
    );
  });
  it('end with the removal of a tenant, whatever an old cache says then', async () => {
    await facts.publish(provisionedIn('pool-1'));
    await facts.publish({ ...provisionedIn('pool-1'), event: aTenantRemoved() });
    await facts.publish(provisionedIn('pool-2'));
    assert.deepEqual(
      (await outbox()).map(({ type }) => type),
      ['platform.tenant-provisioned.v1', 'platform.tenant-removed.v1'],
    );
  });
  it('are published once by two operators at once, and the sequence has no gap', async () => {
    const both = [facts, mongoFacts(client, db)];
    for (const cell of ['pool-1', 'pool-2', 'pool-3'])
      await Promise.all([...both, ...both].map((one) => one.publish(provisionedIn(cell))));
    assert.deepEqual(
      (await outbox()).map(({ sequence, data }) => [Number(sequence), data['cell']]),
      [
        [1, 'pool-1'],
        [2, 'pool-2'],
        [3, 'pool-3'],
      ],
    );
  });

  describe('when the operator is killed between API server and MongoDB', () => {
    let operator: ChildProcess | undefined;
    const cluster = () => client.db(`${db.databaseName}-cluster`);
    const start = (): ChildProcess => {
      const script = new URL('testing/publishing-process.ts', import.meta.url);
      operator = fork(script, [uri, db.databaseName, cluster().databaseName], { silent: true });
      return operator;
    };
    const kill = async (): Promise<void> => {
      if (operator?.exitCode !== null || operator.signalCode !== null) return;
      const ended = once(operator, 'exit');
      operator.kill('SIGKILL');
      await ended;
    };
    const place = (cell: string) =>
      cluster()
        .collection<{ _id: string; cell: string }>('resources')
        .updateOne({ _id: 'acme' }, { $set: { cell } }, { upsert: true });
    afterEach(async () => {
      await kill();
      await cluster().dropDatabase();
    });

    it('the next one publishes what is missing, once and in order', async function () {
      this.timeout(60_000);
      for (let round = 1; round <= 3; round += 1) {
        await place(`pool-${round}`);
        // Killed at whatever it does about this change: before it, within it or after it.
        await once(start(), 'message');
        await place(`pool-${round}-moved`);
        await kill();
      }
      await once(start(), 'message');
      await kill();
      const events = await outbox();
      assert.deepEqual(
        events.map(({ sequence }) => Number(sequence)),
        events.map((_, index) => index + 1),
      );
      const cells = events.map(({ data }) => data['cell']);
      assert.equal(cells.at(-1), 'pool-3-moved');
      assert.ok(
        cells.every((cell, index) => cell !== cells[index + 1]),
        'none twice in a row',
      );
      for (let round = 1; round <= 3; round += 1) assert.ok(cells.includes(`pool-${round}`));
    });
  });
});

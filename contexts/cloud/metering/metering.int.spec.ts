import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { ConcurrencyConflict } from '../../../kit/aggregate/errors.ts';
import { OUTBOX, type OutboxDocument } from '../../../kit/outbox/outbox.ts';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { usageOf } from '../door/show-usage.ts';
import { usage } from '../usage.ts';
import { createGroupIndexes, GROUPS, mongoMeter, type UsageGroup } from './groups.ts';
import { rollGroups } from './roller.ts';

/** So far in the future that every window is over. */
const ALL = -20;

describe('metering', function () {
  this.timeout(30_000);
  let client: MongoClient;
  let db: Db;
  const logger = pino({ level: 'silent' });
  const requests = (units = 1, tenant = 'acme', key = 'k1') => [{ tenant, meter: 'requests', units, key }];
  const groups = () => db.collection<UsageGroup>(GROUPS);
  const windows = async () => {
    const documents = await db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray();
    return documents.map(({ event }) => JSON.parse(event));
  };
  const unitsOf = async () =>
    (await windows()).reduce((sum, { data }: { data: { units: number } }) => sum + data.units, 0);

  beforeEach(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
    db = client.db(freshDatabase('metering'));
    await createGroupIndexes(db);
    await db.createCollection(OUTBOX);
    await db.createCollection(usage.collection);
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  it('commits what is counted at once as one group, before anyone goes on', async () => {
    const meter = mongoMeter(db, logger);
    await Promise.all(Array.from({ length: 50 }, () => meter.count(requests())));
    const found = await groups().find().toArray();
    assert.equal(found.length, 1);
    assert.deepEqual(found[0]?.counts, requests(50));
    assert.ok(Math.abs((found[0]?.at.t ?? 0) - Date.now() / 1_000) < 60);
  });
  it('gathers into the next group while one is under way', async () => {
    const meter = mongoMeter(db, logger);
    const first = meter.count(requests());
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await Promise.all([first, meter.count(requests()), meter.count(requests())]);
    assert.deepEqual(
      (await groups().find().sort({ _id: 1 }).toArray()).map(({ counts }) => counts[0]?.units),
      [1, 2],
    );
  });
  it('withholds the answer when nothing can be committed', async () => {
    const other = await MongoClient.connect((await testServers()).mongodbUri);
    const meter = mongoMeter(other.db(db.databaseName), logger);
    await other.close();
    await assert.rejects(meter.count(requests()), { code: 'cannot-meter' });
  });
  it('rolls old groups into windows that leave by the outbox', async () => {
    const meter = mongoMeter(db, logger);
    await meter.count([...requests(2), { tenant: 'other', meter: 'bytes', units: 7 }]);
    assert.equal(await rollGroups({ client, db }), 0);
    assert.equal(await rollGroups({ client, db }, ALL), 1);
    const told = await windows();
    assert.deepEqual(
      told.map(({ tenant, type, sequence, data }) => [tenant, type, sequence, data.meter, data.units]),
      [
        ['acme', 'cloud.usage-recorded.v1', '0000000001', 'requests', 2],
        ['other', 'cloud.usage-recorded.v1', '0000000001', 'bytes', 7],
      ],
    );
    assert.match(told[0].subject, /^usage\/\d{4}-\d\d-\d\d$/);
    assert.equal(await groups().countDocuments(), 0);
  });
  it('rolls each group once, however many replicas do', async () => {
    const meters = [mongoMeter(db, logger), mongoMeter(db, logger)];
    for (let n = 0; n < 20; n += 1) await Promise.all(meters.map((meter) => meter.count(requests())));
    const roll = async (): Promise<number> => {
      try {
        return await rollGroups({ client, db }, ALL);
      } catch (error) {
        assert.ok(error instanceof ConcurrencyConflict);
        return 0;
      }
    };
    while ((await groups().countDocuments()) > 0) await Promise.all([roll(), roll(), roll()]);
    assert.equal(await unitsOf(), 40);
  });
  it('shows usage as it stands, rolled or not', async () => {
    const meter = mongoMeter(db, logger);
    const day = new Date().toISOString().slice(0, 10);
    await meter.count(requests(2));
    await rollGroups({ client, db }, ALL);
    await meter.count(requests(3));
    await meter.count(requests(5, 'other'));
    assert.deepEqual(await usageOf({ client, db }, 'acme', day), { requests: 5 });
  });
});

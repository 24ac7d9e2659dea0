import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { createGroupIndexes, mongoMeter } from './metering/groups.ts';
import { measuredMeter } from './metering/measured.ts';
import { watch } from './metrics.ts';

describe('metrics of the front door', function () {
  this.timeout(60_000);
  let client: MongoClient;
  let db: Db;

  beforeEach(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
    db = client.db(freshDatabase('metrics'));
    await createGroupIndexes(db);
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  const valuesOf = async (metrics: Registry): Promise<Record<string, number>> => {
    const all = await metrics.getMetricsAsJSON();
    return Object.fromEntries(
      all.map(({ name, values }) => [name, Number(values.at(-1)?.value)] as [string, number]),
    );
  };

  it('tell of keys, replicas, the limiter, waiting groups and the time that answers waited', async () => {
    const metrics = new Registry();
    watch(metrics, { db, replica: { credentials: 7 }, notes: { isAway: true, replicas: 2 } });
    const meter = measuredMeter(mongoMeter(db, pino({ level: 'silent' })), metrics);
    await meter.count([{ tenant: 'acme', meter: 'requests', units: 1 }]);
    const values = await valuesOf(metrics);
    assert.deepEqual(
      [values['cloud_credentials'], values['cloud_replicas'], values['cloud_rate_by_share']],
      [7, 2, 1],
    );
    assert.deepEqual(
      [
        values['cloud_usage_groups'],
        values['cloud_metering_wait_seconds'],
        values['cloud_metering_failures_total'],
      ],
      [1, 1, 0],
    );
    assert.ok(Number(values['cloud_usage_lag_seconds']) < 60);
    await meter.close();
  });
  it('say of a database that is away that they do not know', async () => {
    const metrics = new Registry();
    watch(metrics, { db, replica: { credentials: 7 }, notes: { isAway: false, replicas: 1 } });
    await client.close();
    const values = await valuesOf(metrics);
    assert.ok(Number.isNaN(values['cloud_usage_groups']));
    assert.equal(values['cloud_credentials'], 7);
    client = await MongoClient.connect((await testServers()).mongodbUri);
    db = client.db(db.databaseName);
  });
});

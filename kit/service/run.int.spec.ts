import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, freshRedisPrefix, testServers } from '../../local/servers/for-tests.ts';
import { freePort } from '../../local/servers/free-port.ts';
import { type FrontDoor, startFrontDoor } from '../identity/testing/front-door.ts';

const ENTRY = fileURLToPath(new URL('testing/counting-process.ts', import.meta.url));

describe('run', function () {
  this.timeout(60_000);
  let door: FrontDoor;
  let client: MongoClient;
  let db: Db;
  let folder: string;
  let mapFile: string;
  let redisPrefix: string;
  let child: ChildProcess;
  let url: string;
  let adminUrl: string;
  before(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
    door = await startFrontDoor('counting');
    folder = await mkdtemp(join(tmpdir(), 'run-'));
    mapFile = join(folder, 'map.json');
  });
  beforeEach(() => {
    db = client.db(freshDatabase('run'));
    redisPrefix = freshRedisPrefix('run');
  });
  afterEach(async () => {
    await stop();
    await db.dropDatabase();
  });
  after(async () => {
    await client.close();
    await door.stop();
    await rm(folder, { recursive: true });
  });

  const writeMap = (identity?: unknown) =>
    writeFile(
      mapFile,
      JSON.stringify({ contexts: [], tenants: [], ...(identity !== undefined && { identity }) }),
    );

  const start = async (...args: string[]): Promise<void> => {
    const { mongodbUri, redisUrl } = await testServers();
    const [port, adminPort] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    adminUrl = `http://127.0.0.1:${adminPort}`;
    const env = {
      PORT: `127.0.0.1:${port}`,
      ADMIN_PORT: `127.0.0.1:${adminPort}`,
      MONGODB_URI: mongodbUri,
      MONGODB_DATABASE: db.databaseName,
      REDIS_URL: redisUrl,
      REDIS_PREFIX: redisPrefix,
      CADASTRE_MAP: mapFile,
      CADASTRE_CELL: 'pool',
      LOG_LEVEL: 'fatal',
    };
    child = spawn(process.execPath, [ENTRY, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  const isReady = async () => (await fetch(`${adminUrl}/readyz`).catch(() => undefined))?.ok === true;
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) {
      assert.equal(child.exitCode, null, 'the process runs');
      await delay(50);
    }
  };
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  const show = async () =>
    fetch(`${url}/v1/counters`, { headers: { authorization: `Bearer ${await door.sign()}` } });

  it('takes the word of whom the map names, as it says just now, and of nobody else', async () => {
    await writeMap();
    await start();
    await until(isReady);
    assert.equal((await show()).status, 503);
    await writeMap(door.issuer);
    await until(async () => (await show()).status === 200);
    assert.equal((await fetch(`${url}/v1/counters`, { headers: { 'x-tenant': 'acme' } })).status, 401);
    await writeMap();
    await until(async () => (await show()).status === 503);
    assert.equal(await stop(), 0);
  });

  it('is not ready before the map was read', async () => {
    await rm(mapFile, { force: true });
    await start();
    await until(async () => (await fetch(`${adminUrl}/livez`).catch(() => undefined))?.ok === true);
    await delay(500);
    await assert.rejects(show());
    assert.equal(await isReady(), false);
    await writeMap(door.issuer);
    await until(isReady);
    assert.equal((await show()).status, 200);
  });

  it('serves staff on the admin port, beside what an admin asks, and nowhere else', async () => {
    await writeMap(door.issuer);
    await start();
    await until(isReady);
    const staff = await fetch(`${adminUrl}/v1/counters`);
    assert.deepEqual([staff.status, await staff.json()], [200, { items: [] }]);
    const { paths } = (await (await fetch(`${adminUrl}/openapi.json`)).json()) as { paths: object };
    assert.deepEqual(Object.keys(paths).sort(), ['/v1/counters', '/v1/counters/{id}']);
    const missing = await fetch(`${adminUrl}/v1/nothing`);
    assert.equal(missing.status, 404);
    assert.match(missing.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.deepEqual(await (await fetch(`${adminUrl}/parked`)).json(), { parked: [] });
    assert.equal((await show()).status, 200);
    const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
    for (const port of ['api', 'admin']) {
      const counted = `route="/v1/counters",status="200",port="${port}"`;
      assert.ok(metrics.includes(counted), `${counted} is in ${metrics}`);
    }
    assert.equal((await fetch(`${url}/v1/counters`)).status, 401);
  });

  it('runs the schedules, and stops them', async () => {
    await writeMap();
    await start();
    await until(async () => (await db.collection('notes').countDocuments()) >= 3);
    assert.equal(await stop(), 0);
    const noted = await db.collection('notes').countDocuments();
    await delay(500);
    assert.equal(await db.collection('notes').countDocuments(), noted);
  });

  it('runs a scheduled job again when the process that had it was killed', async () => {
    await writeMap();
    const noted = () => db.collection('notes').countDocuments();
    await start('--stuck');
    await until(async () => (await noted()) === 1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await start('--stuck');
    await until(async () => (await noted()) === 2);
    const stopping = Date.now();
    assert.equal(await stop(), 0, 'it stops though its job does not leave off');
    assert.ok(Date.now() - stopping < 20_000);
  });

  it("serves a context's own door, and stops it after its last answer", async () => {
    await writeMap(door.issuer);
    await start('--door');
    await until(isReady);
    assert.deepEqual(await (await fetch(`${url}/any`)).json(), { url: '/any' });
    assert.equal(await stop(), 0);
    assert.equal(await db.collection('stopped').countDocuments(), 1);
  });
});

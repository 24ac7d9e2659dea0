import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { ServerNotFound } from './find-server.ts';
import { type Servers, type ServersOptions, startServers } from './start-servers.ts';
import { eventually, portIsOpen } from './testing/world.ts';

type Item = { _id: string };

const insertItem = async (servers: Servers, id: string): Promise<void> => {
  const client = await MongoClient.connect(servers.mongodbUri);
  await client.db('spec').collection<Item>('items').insertOne({ _id: id });
  await client.close();
};

const items = async (servers: Servers): Promise<string[]> => {
  const client = await MongoClient.connect(servers.mongodbUri);
  const found = await client.db('spec').collection<Item>('items').find().sort({ _id: 1 }).toArray();
  await client.close();
  return found.map(({ _id }) => _id);
};

const portsAreClosed = async (ports: readonly number[]): Promise<boolean> =>
  !(await Promise.all(ports.map(portIsOpen))).includes(true);

describe('startServers', function () {
  this.timeout(60_000);

  // Servers of this spec keep their temporary folders in here, where no other run's can be.
  const temporary = mkdtempSync(join(tmpdir(), 'spec-'));
  const before = process.env['TMPDIR'];
  const running: Servers[] = [];
  const start = async (options: ServersOptions = {}): Promise<Servers> => {
    const servers = await startServers({ cacheGb: 0.25, ...options });
    running.push(servers);
    return servers;
  };
  beforeEach(() => {
    process.env['TMPDIR'] = temporary;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((servers) => servers.stop()));
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  after(() => rmSync(temporary, { recursive: true, force: true }));

  it('gives a replica set with transactions and a Redis that never evicts', async () => {
    const servers = await start();
    const client = await MongoClient.connect(servers.mongodbUri);
    await client.withSession((session) =>
      session.withTransaction(() =>
        client.db('spec').collection<Item>('items').insertOne({ _id: 'a' }, { session }),
      ),
    );
    await client.close();
    const redis = new Redis(servers.redisUrl);
    deepEqual(await redis.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
    deepEqual(await redis.config('GET', 'appendonly'), ['appendonly', 'yes']);
    redis.disconnect();
  });

  it('leaves no process and no folder when stopped', async () => {
    const servers = await start();
    equal(readdirSync(temporary).length, 1);
    await servers.stop();
    equal(await portsAreClosed([servers.mongod.port, servers.redis.port]), true);
    deepEqual(readdirSync(temporary), []);
  });

  it('runs twice side by side', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await insertItem(one, 'one');
    await insertItem(other, 'other');
    await one.stop();
    deepEqual(await items(other), ['other']);
  });

  it('restarts on the same port with the same data', async () => {
    const servers = await start();
    await insertItem(servers, 'kept');
    const redis = new Redis(servers.redisUrl);
    await redis.set('key', 'value');
    redis.disconnect();
    const { mongod } = servers;
    const [pid, port] = [mongod.pid(), mongod.port];
    await Promise.all([mongod.restart(), servers.redis.restart()]);
    notEqual(mongod.pid(), pid);
    equal(mongod.port, port);
    deepEqual(await items(servers), ['kept']);
  });

  it('keeps a data folder that it was given and starts on it again', async () => {
    const dataFolder = join(temporary, 'data');
    const first = await start({ dataFolder });
    await insertItem(first, 'kept');
    await first.stop();
    const second = await start({ dataFolder });
    deepEqual(await items(second), ['kept']);
    await second.stop();
    equal(existsSync(dataFolder), true);
    rmSync(dataFolder, { recursive: true });
  });

  it('says one sentence when a server dies by itself, none when it was told to', async () => {
    const said: string[] = [];
    const servers = await start({ onExit: (sentence) => said.push(sentence) });
    await servers.mongod.restart();
    process.kill(servers.redis.pid(), 'SIGKILL');
    await eventually('a sentence', () => said.length > 0);
    equal(said.length, 1);
    match(
      said[0] ?? '',
      /^redis-server on port \d+ ended by itself with SIGKILL; its log ends: .*Ready to accept/,
    );
  });

  it('leaves nothing behind when its process is killed', async () => {
    const script = fileURLToPath(new URL('./testing/start-and-wait.ts', import.meta.url));
    const parent: ChildProcess = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
    const { ports } = JSON.parse(chunk.toString()) as { ports: number[] };
    equal(await portsAreClosed(ports), false);
    parent.kill('SIGKILL');
    await eventually('ports closed', () => portsAreClosed(ports));
    await eventually('folders removed', () => readdirSync(temporary).length === 0);
  });

  it('names variable and remedy when a server is missing, and stops the other', async () => {
    process.env['CADASTRE_MONGOD'] = join(temporary, 'missing');
    try {
      await rejects(startServers(), (error) => {
        match(String(error), /CADASTRE_MONGOD names .+; set it to the path of mongod or unset it\.$/);
        return error instanceof ServerNotFound;
      });
    } finally {
      delete process.env['CADASTRE_MONGOD'];
    }
    deepEqual(readdirSync(temporary), []);
  });
});

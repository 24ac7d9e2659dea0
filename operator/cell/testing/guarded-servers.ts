import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient, MongoServerError } from 'mongodb';
import { findServer } from '../../../local/servers/find-server.ts';
import type { Server } from '../../../local/servers/server.ts';
import { type ServerGroup, serverGroup } from '../../../local/servers/server-group.ts';
import { afterAllSpecs } from '../../../local/specs/root-hooks.ts';

/** MongoDB and Redis that let nobody in without a password; the URIs are those of their administrators. */
export type GuardedServers = {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly mongod: Server;
  readonly redis: Server;
  stop(): Promise<void>;
};

const PASSWORD = 'for-specs-only';
const ALREADY_DONE = [13, 23, 51_003];

/** The first client on localhost may make the replica set and its first user; later ones find it done. */
const administer = async (port: number): Promise<void> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  const admin = client.db('admin');
  const once = (command: object): Promise<unknown> =>
    admin.command(command).catch((error: unknown) => {
      if (!(error instanceof MongoServerError && ALREADY_DONE.includes(Number(error.code)))) throw error;
    });
  const settings = { electionTimeoutMillis: 500, heartbeatIntervalMillis: 200 };
  await once({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }], settings } });
  while (!(await admin.command({ hello: 1 }))['isWritablePrimary']) await delay(10);
  await once({ createUser: 'root', pwd: PASSWORD, roles: ['root'], mechanisms: ['SCRAM-SHA-256'] });
  await client.close();
};

const progress = (line: string): void => console.error(line);

/** A mongod that wants to be a replica set and has no user; `whenReady` makes it one. */
export const startGuardedMongod = async (
  group: ServerGroup,
  whenReady: (port: number) => Promise<void> = async () => undefined,
): Promise<Server> => {
  const keyFile = join(group.folder, 'key');
  await mkdir(group.folder, { recursive: true });
  await writeFile(keyFile, randomBytes(60).toString('base64'), { mode: 0o600 });
  return await group.start({
    name: 'mongod',
    executable: await findServer('mongod', progress),
    readyLine: 'Waiting for connections',
    args: (folder, port) => [
      ...['--dbpath', folder, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...['--replSet', 'rs0', '--auth', '--keyFile', keyFile, '--wiredTigerCacheSizeGB', '0.25'],
      ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ],
    whenReady: (_, port) => whenReady(port),
  });
};

export const startGuardedServers = async (): Promise<GuardedServers> => {
  const group = serverGroup({ onExit: progress });
  const mongod = await startGuardedMongod(group, administer);
  const redis = await group.start({
    name: 'redis-server',
    executable: await findServer('redis-server', progress),
    readyLine: 'Ready to accept connections',
    args: (folder, port) => [
      ...['--dir', folder, '--port', `${port}`, '--bind', '127.0.0.1', '--save', ''],
      ...['--maxmemory-policy', 'noeviction', '--requirepass', PASSWORD],
    ],
  });
  return {
    mongodbUri: `mongodb://root:${PASSWORD}@127.0.0.1:${mongod.port}/?replicaSet=rs0`,
    redisUrl: `redis://default:${PASSWORD}@127.0.0.1:${redis.port}`,
    mongod,
    redis,
    stop: group.stop,
  };
};

let servers: Promise<GuardedServers> | undefined;

/** One pair for all specs of this mocha process; a spec that restarts one starts its own. */
export const guardedServers = (): Promise<GuardedServers> => {
  if (!servers) {
    const starting = startGuardedServers();
    servers = starting;
    afterAllSpecs(async () => (await starting.catch(() => undefined))?.stop());
  }
  return servers;
};

import type { Executable, Progress } from './executable.ts';
import { findServer } from './find-server.ts';
import { awaitPrimary } from './replica-set.ts';
import type { Server } from './server.ts';
import { type GroupOptions, type Recipe, serverGroup } from './server-group.ts';

export type ServersOptions = GroupOptions & {
  /** MongoDB's own choice (5% of the disk) when absent. */
  readonly oplogSizeMb?: number;
  /** MongoDB's own choice (60 s) when absent. It shortens the oplog only behind a checkpoint. */
  readonly checkpointSeconds?: number;
  readonly cacheGb?: number;
  readonly progress?: Progress;
};

export type Servers = {
  /** A replica set of one member, so transactions and change streams work. */
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly mongod: Server;
  readonly redis: Server;
  /** Resolves when no process and no temporary folder is left. May be called twice. */
  stop(): Promise<void>;
};

type MongodOptions = Pick<ServersOptions, 'oplogSizeMb' | 'checkpointSeconds' | 'cacheGb'>;

const mongodRecipe = (
  executable: Executable,
  { oplogSizeMb, checkpointSeconds, cacheGb = 1 }: MongodOptions,
): Recipe => ({
  name: 'mongod',
  executable,
  readyLine: 'Waiting for connections',
  args: (folder, port) => [
    ...['--dbpath', folder, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--wiredTigerCacheSizeGB', `${cacheGb}`],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...(oplogSizeMb ? ['--oplogSize', `${oplogSizeMb}`] : []),
    ...(checkpointSeconds ? ['--syncdelay', `${checkpointSeconds}`] : []),
  ],
  whenReady: (_, port) => awaitPrimary(port),
});

const redisRecipe = (executable: Executable): Recipe => ({
  name: 'redis-server',
  executable,
  readyLine: 'Ready to accept connections',
  args: (folder, port) => [
    ...['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder],
    ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
  ],
});

const ignore = (): void => undefined;

/**
 * MongoDB and Redis on free loopback ports. They end with this process, however it ends.
 * Throws `ServerNotFound` when a server is neither on this machine nor to be had.
 */
export const startServers = async (options: ServersOptions = {}): Promise<Servers> => {
  const { progress = ignore } = options;
  const group = serverGroup(options);
  // Both outcomes are awaited before either is judged: a failed start must not leave the other behind.
  const [mongod, redis] = await Promise.allSettled([
    findServer('mongod', progress).then((found) => group.start(mongodRecipe(found, options))),
    findServer('redis-server', progress).then((found) => group.start(redisRecipe(found))),
  ]);
  if (mongod.status === 'rejected' || redis.status === 'rejected') {
    await group.stop();
    throw mongod.status === 'rejected' ? mongod.reason : (redis as PromiseRejectedResult).reason;
  }
  return {
    mongodbUri: `mongodb://127.0.0.1:${mongod.value.port}/?replicaSet=rs0`,
    redisUrl: `redis://127.0.0.1:${redis.value.port}`,
    mongod: mongod.value,
    redis: redis.value,
    stop: group.stop,
  };
};

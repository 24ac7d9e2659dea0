import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Progress, ServerName } from './executable.ts';
import { findServer } from './find-server.ts';
import { freePort } from './free-port.ts';
import { type Kept, keepWatch } from './keep-watch.ts';
import { awaitPrimary } from './replica-set.ts';
import { type Server, type ServerHooks, startServer } from './server.ts';
import { ServerDied, type ServerPlan } from './server-process.ts';

export type ServersOptions = {
  /** MongoDB's own choice (5% of the disk) when absent. */
  readonly oplogSizeMb?: number;
  /** MongoDB's own choice (60 s) when absent. It shortens the oplog only behind a checkpoint. */
  readonly checkpointSeconds?: number;
  readonly cacheGb?: number;
  /** Kept when the servers stop. When absent: a temporary folder, removed when the servers stop. */
  readonly dataFolder?: string;
  readonly progress?: Progress;
  /** One sentence when a server dies by itself, with the end of its log. */
  readonly onExit?: (sentence: string) => void;
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

type Recipe = {
  readonly name: ServerName;
  readonly readyLine: string;
  readonly args: (folder: string, port: number) => string[];
  readonly whenReady: (port: number) => Promise<void>;
};

const mongodRecipe = ({ oplogSizeMb, checkpointSeconds, cacheGb = 1 }: ServersOptions): Recipe => ({
  name: 'mongod',
  readyLine: 'Waiting for connections',
  args: (folder, port) => [
    ...['--dbpath', folder, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--replSet', 'rs0', '--wiredTigerCacheSizeGB', `${cacheGb}`],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...(oplogSizeMb ? ['--oplogSize', `${oplogSizeMb}`] : []),
    ...(checkpointSeconds ? ['--syncdelay', `${checkpointSeconds}`] : []),
  ],
  whenReady: awaitPrimary,
});

const redisRecipe: Recipe = {
  name: 'redis-server',
  readyLine: 'Ready to accept connections',
  args: (folder, port) => [
    ...['--bind', '127.0.0.1', '--port', `${port}`, '--dir', folder],
    ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
  ],
  whenReady: async () => undefined,
};

type Ground = {
  readonly folder: string;
  readonly hooks: Omit<ServerHooks, 'whenReady'>;
  readonly progress: Progress;
};

/** Another program may bind the port between our look and the server's start: then we look again. */
const startOnFreePort = async (recipe: Recipe, ground: Ground, attempts = 5): Promise<Server> => {
  const executable = await findServer(recipe.name, ground.progress);
  const folder = join(ground.folder, recipe.name);
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  const { name, readyLine } = recipe;
  const plan: ServerPlan = { name, executable, folder, port, readyLine, args: recipe.args(folder, port) };
  try {
    return await startServer(plan, { ...ground.hooks, whenReady: recipe.whenReady });
  } catch (cause) {
    if (!(cause instanceof ServerDied && cause.portWasTaken && attempts > 1)) throw cause;
    return startOnFreePort(recipe, ground, attempts - 1);
  }
};

/** Everything that the watchdog must know, told to it on each change. */
const watchOver = (temporaryFolders: readonly string[]) => {
  const watch = keepWatch();
  const pids = new Map<ServerName, number>();
  const tell = (): void => watch.keep({ pids: [...pids.values()], folders: temporaryFolders } satisfies Kept);
  tell();
  return {
    onSpawn: (name: ServerName, pid: number): void => {
      pids.set(name, pid);
      tell();
    },
    end: (): Promise<void> => {
      // Ended processes' ids may belong to others by now.
      pids.clear();
      tell();
      return watch.end();
    },
  };
};

const ignore = (): void => undefined;

/**
 * MongoDB and Redis on free loopback ports. They end with this process, however it ends.
 * Throws `ServerNotFound` when a server is neither on this machine nor to be had.
 */
export const startServers = async (options: ServersOptions = {}): Promise<Servers> => {
  const { dataFolder, progress = ignore, onExit = ignore } = options;
  const folder = dataFolder ? resolve(dataFolder) : join(tmpdir(), `cadastre-${randomUUID()}`);
  const watch = watchOver(dataFolder ? [] : [folder]);
  const stopSignal = dataFolder ? 'SIGTERM' : 'SIGKILL';
  const ground: Ground = { folder, progress, hooks: { onSpawn: watch.onSpawn, onExit, stopSignal } };

  const started: Server[] = [];
  const start = async (recipe: Recipe): Promise<Server> => {
    const server = await startOnFreePort(recipe, ground);
    started.push(server);
    return server;
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
    if (!dataFolder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await watch.end();
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= stopAll();
    return stopped;
  };

  // Both outcomes are awaited before either is judged: a failed start must not leave the other behind.
  const [mongod, redis] = await Promise.allSettled([start(mongodRecipe(options)), start(redisRecipe)]);
  if (mongod.status === 'rejected' || redis.status === 'rejected') {
    await stop();
    throw mongod.status === 'rejected' ? mongod.reason : (redis as PromiseRejectedResult).reason;
  }
  return {
    mongodbUri: `mongodb://127.0.0.1:${mongod.value.port}/?replicaSet=rs0`,
    redisUrl: `redis://127.0.0.1:${redis.value.port}`,
    mongod: mongod.value,
    redis: redis.value,
    stop,
  };
};

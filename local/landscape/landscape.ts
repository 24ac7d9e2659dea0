import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BoundedContext } from '../../kit/context/context.ts';
import { type ContextMap, redisPrefix } from '../../kit/context-map/context-map.ts';
import { CONTEXTS } from '../contexts.ts';
import { freePort } from '../servers/free-port.ts';
import { keepWatch } from '../servers/keep-watch.ts';
import { mapOf } from './map-of.ts';
import { type Supervised, supervise } from './supervised.ts';
import { watchLiveness } from './watch-liveness.ts';

export type LandscapeOptions = {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** Exists; gets the map and the logs. */
  readonly folder: string;
  /** All that there are when absent. */
  readonly contexts?: readonly BoundedContext[];
  readonly relays?: number;
  readonly logLevel?: string;
  /** The preferred port of the first context; the others follow. Any free ones when absent. */
  readonly firstPort?: number;
  readonly cell?: string;
  /** V8's flags of every process. */
  readonly nodeOptions?: readonly string[];
  readonly onExit?: (name: string, how: string) => void;
  /** Files and folders that are removed if this process dies without stopping. */
  readonly removeAtDeath?: readonly string[];
};

export type Endpoint = { readonly name: string; readonly url: string; readonly adminUrl: string };

/** The landscape as a plain list of processes under the process contract. */
export type Landscape = {
  readonly map: ContextMap;
  readonly mapFile: string;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly processes: ReadonlyMap<string, Supervised>;
  /** Resolves when every process says that it is ready. */
  ready(): Promise<void>;
  stop(): Promise<void>;
};

export const startLandscape = async (options: LandscapeOptions): Promise<Landscape> => {
  const { contexts = CONTEXTS, relays = 2, cell = 'local' } = options;
  const map = mapOf(contexts, cell);
  await mkdir(options.folder, { recursive: true });
  const mapFile = join(options.folder, 'context-map.json');
  await writeFile(mapFile, JSON.stringify(map, undefined, 2));

  const endpoints = new Map<string, Endpoint>();
  const processes = new Map<string, Supervised>();
  const stopping = new AbortController();
  const onSpawn = watchOver(options.removeAtDeath ?? []);
  const run = async (name: string, entry: string, database: string): Promise<void> => {
    const index = processes.size;
    const port = await preferred(options.firstPort && options.firstPort + index);
    const adminPort = await preferred(options.firstPort && options.firstPort + 100 + index);
    const env = environmentOf({ options, cell, name, database, port, adminPort, mapFile });
    const plan = {
      name,
      entry: pathOf(entry),
      env,
      logFile: join(options.folder, `${name}.log`),
      ...(options.nodeOptions && { nodeOptions: options.nodeOptions }),
    };
    const { onExit } = options;
    const supervised = supervise(plan, { onSpawn: onSpawn.tell, ...(onExit && { onExit }) });
    const adminUrl = `http://127.0.0.1:${adminPort}`;
    processes.set(name, supervised);
    endpoints.set(name, { name, url: `http://127.0.0.1:${port}`, adminUrl });
    void watchLiveness({ process: supervised, adminUrl, signal: stopping.signal });
  };
  for (const { name } of contexts) await run(name, `contexts/${name}/main.ts`, `${cell}-${name}`);
  for (let index = 1; index <= relays; index += 1)
    await run(`relay-${index}`, 'relay/main.ts', 'cadastre-relay');
  return {
    map,
    mapFile,
    endpoints,
    processes,
    ready: async () => {
      await Promise.all([...endpoints.values()].map(({ adminUrl }) => untilReady(adminUrl)));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([...processes.values()].map((one) => one.stop()));
      await onSpawn.end();
    },
  };
};

type Environment = {
  options: LandscapeOptions;
  cell: string;
  name: string;
  database: string;
  port: number;
  adminPort: number;
  mapFile: string;
};

const environmentOf = ({ options, cell, name, database, port, adminPort, mapFile }: Environment) => ({
  PORT: `127.0.0.1:${port}`,
  ADMIN_PORT: `127.0.0.1:${adminPort}`,
  MONGODB_URI: options.mongodbUri,
  MONGODB_DATABASE: database,
  REDIS_URL: options.redisUrl,
  REDIS_PREFIX: redisPrefix(`${cell}-${name}`),
  CADASTRE_MAP: mapFile,
  CADASTRE_CELL: cell,
  LOG_LEVEL: options.logLevel ?? 'info',
});

/** No process outlives this one, even if this one is killed. */
const watchOver = (folders: readonly string[]) => {
  const watch = keepWatch();
  const pids = new Map<string, number>();
  return {
    tell: (name: string, pid: number) => {
      pids.set(name, pid);
      watch.keep({ pids: [...pids.values()], folders });
    },
    end: async () => {
      watch.keep({ pids: [], folders: [] });
      await watch.end();
    },
  };
};

const untilReady = async (adminUrl: string): Promise<void> => {
  for (;;) {
    const answer = await fetch(`${adminUrl}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(25);
  }
};

const preferred = async (port: number | undefined): Promise<number> =>
  port !== undefined && (await isFree(port)) ? port : await freePort();

const isFree = async (port: number): Promise<boolean> => {
  const { createServer } = await import('node:net');
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
};

const pathOf = (entry: string) => fileURLToPath(new URL(`../../${entry}`, import.meta.url));

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BoundedContext } from '../../kit/context/context.ts';
import { type ContextMap, redisPrefix } from '../../kit/context-map/context-map.ts';
import type { IdentityIssuer } from '../../kit/identity/identity.ts';
import { CONTEXTS } from '../contexts.ts';
import { keepWatch } from '../servers/keep-watch.ts';
import { mapOf } from './map-of.ts';
import { type PlannedProcess, processesOf } from './processes-of.ts';
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
  /** How many processes a context has, by its name; one when absent. The others are named `cloud-2`, `cloud-3` … */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Entry file by the name of a context, or of a process (`cloud-2`), of those that are not in `contexts/`. */
  readonly entries?: Readonly<Record<string, string>>;
  readonly logLevel?: string;
  /** The preferred port of the first context; the others follow. Any free ones when absent. */
  readonly firstPort?: number;
  /** Of the contexts that are not the platform's. */
  readonly cell?: string;
  /** Whose word contexts take for who asks, where no front door is among them: that of a `Signer`. */
  readonly identity?: IdentityIssuer;
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

/** Where contexts of the platform are among them, `startPlatformFacts` tells them what the operator would. */
export const startLandscape = async (options: LandscapeOptions): Promise<Landscape> => {
  const { contexts = CONTEXTS, relays = 2, cell = 'local' } = options;
  const planned = await processesOf({ ...options, contexts, relays, cell });
  const endpoints = new Map(planned.map((one) => [one.name, endpointOf(one)]));
  const urls = new Map(contexts.map(({ name }) => [name, endpoints.get(name)?.url ?? '']));
  const map = mapOf({ contexts, cell, urls, identity: options.identity });
  await mkdir(options.folder, { recursive: true });
  const mapFile = join(options.folder, 'context-map.json');
  await writeFile(mapFile, JSON.stringify(map, undefined, 2));

  const stopping = new AbortController();
  const onSpawn = watchOver(options.removeAtDeath ?? []);
  const { onExit, nodeOptions, folder } = options;
  const run = (one: PlannedProcess): Supervised => {
    const { name, entry } = one;
    const env = environmentOf(one, { options, mapFile });
    const logFile = join(folder, `${name}.log`);
    const plan = { name, entry, env, logFile, ...(nodeOptions && { nodeOptions }) };
    const supervised = supervise(plan, { onSpawn: onSpawn.tell, ...(onExit && { onExit }) });
    const { adminUrl } = endpointOf(one);
    void watchLiveness({ process: supervised, adminUrl, signal: stopping.signal });
    return supervised;
  };
  const processes = new Map(planned.map((one) => [one.name, run(one)]));
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

const endpointOf = ({ name, port, adminPort }: PlannedProcess): Endpoint => ({
  name,
  url: `http://127.0.0.1:${port}`,
  adminUrl: `http://127.0.0.1:${adminPort}`,
});

type Common = { readonly options: LandscapeOptions; readonly mapFile: string };

const environmentOf = (
  { cell, consumer, database, port, adminPort }: PlannedProcess,
  { options, mapFile }: Common,
) => ({
  PORT: `127.0.0.1:${port}`,
  ADMIN_PORT: `127.0.0.1:${adminPort}`,
  MONGODB_URI: options.mongodbUri,
  MONGODB_DATABASE: database,
  REDIS_URL: options.redisUrl,
  REDIS_PREFIX: redisPrefix(consumer),
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

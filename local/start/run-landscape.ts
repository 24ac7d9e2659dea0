import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CONTEXTS } from '../contexts.ts';
import { type Landscape, startLandscape } from '../landscape/landscape.ts';
import type { PlatformFacts } from '../landscape/platform-facts.ts';
import { claimPorts, isAlive, readRunning, runningFile, writeRunning } from '../running.ts';
import { loadSample, untilOrderable } from '../sample/load.ts';
import { sampleProducts } from '../sample/products.ts';
import { type Servers, startServers } from '../servers/start-servers.ts';
import { buildPage } from './build-page.ts';
import { openShop, tellPlatform } from './open-shop.ts';
import type { StartOptions } from './options.ts';
import { welcomeText } from './welcome.ts';

const READY_WITHIN_MS = 60_000;

/** Starts everything, says so, and stops everything in order when the signal aborts or a server cannot be had. */
export const runLandscape = async (options: StartOptions, stop: AbortSignal): Promise<void> => {
  refuseSharedData(options);
  const failed = new AbortController();
  const signal = AbortSignal.any([stop, failed.signal]);
  progress('starting MongoDB and Redis');
  const servers: Servers = await startServers({
    progress,
    ...(options.data !== undefined && { dataFolder: options.data }),
    onExit: (sentence) => void revive(servers, sentence, signal).catch((error) => failed.abort(error)),
  });
  const ground = await groundOf(options);
  try {
    await buildPage();
    signal.throwIfAborted();
    await runOn(servers, { ...ground, options, signal });
  } finally {
    await servers.stop();
    for (const left of leftovers(ground)) await rm(left, { recursive: true, force: true });
  }
};

/** `file` tells commands where this landscape is. */
type Ground = {
  readonly logs: string;
  readonly temporary: string | undefined;
  readonly file: string;
  /** Undefined when another landscape has the preferred ports. */
  readonly claim: string | undefined;
};
type Run = Ground & { readonly options: StartOptions; readonly signal: AbortSignal };

const runOn = async (servers: Servers, run: Run): Promise<void> => {
  const { logs, options, signal } = run;
  progress('starting the relay and its standby, and the contexts');
  const landscape = await startLandscape({
    ...servers,
    contexts: CONTEXTS,
    folder: logs,
    ...(run.claim !== undefined && { firstPort: options.port }),
    onExit: (name, how) =>
      progress(`${name} ended (${how}) and is started again; see ${join(logs, `${name}.log`)}`),
    removeAtDeath: leftovers(run),
  });
  const { mongodbUri, redisUrl } = servers;
  const { tenant } = options;
  const ground = { landscape, mongodbUri, redisUrl, tenant, logs };
  const platform = tellPlatform(ground);
  try {
    await inTime(Promise.all([landscape.ready(), platform]), { signal, logs });
    writeRunning({ ...recordOf(landscape, run, await platform), mongodbUri, redisUrl });
    const { shop, account } = await openShop(ground, signal);
    const loaded = await loadSample(shop);
    if (loaded > 0) progress(`listed ${loaded} products; waiting until ordering knows them`);
    await untilOrderable(shop);
    // Since this process began, Node.js' own start included.
    const seconds = performance.now() / 1_000;
    const endpoints = [...landscape.endpoints.values()];
    const products = sampleProducts().length;
    console.log(welcomeText({ endpoints, mongodbUri, redisUrl, tenant, logs, products, seconds, account }));
    await aborted(signal);
  } finally {
    await landscape.stop();
    await (await platform.catch(() => undefined))?.stop();
  }
};

const progress = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);

/** Logs outlive the run only where the data does. */
const groundOf = async ({ data, port }: StartOptions): Promise<Ground> => {
  const temporary = data === undefined ? join(tmpdir(), `cadastre-${randomUUID()}`) : undefined;
  const logs = join(data ?? temporary ?? '', 'logs');
  await mkdir(logs, { recursive: true });
  return { logs, temporary, file: runningFile(process.pid), claim: claimPorts(port) };
};

const refuseSharedData = ({ data }: StartOptions): void => {
  const other = data === undefined ? undefined : readRunning().find((running) => running.data === data);
  if (other === undefined) return;
  throw new Error(
    `${data} is in use by the landscape of process ${other.pid}; stop that one or give another --data`,
  );
};

const leftovers = ({ file, temporary, claim }: Ground): string[] =>
  [file, temporary, claim].filter((one) => one !== undefined);

const recordOf = ({ endpoints }: Landscape, { options, logs }: Run, platform: PlatformFacts) => ({
  pid: process.pid,
  startedAt: new Date().toISOString(),
  tenant: options.tenant,
  logs,
  data: options.data,
  endpoints: [...endpoints.values(), platformEndpoint(platform)],
});

/** It has no API: commands ask its admin port. */
const platformEndpoint = ({ adminUrl }: PlatformFacts) => ({ name: 'platform', url: adminUrl, adminUrl });

/** A server that dies takes no data with it: it is started again on its port. */
const revive = async (servers: Servers, sentence: string, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  progress(`${sentence}; it is started again`);
  const dead = [servers.mongod, servers.redis].filter((server) => !isAlive(server.pid()));
  for (const server of dead) await server.restart();
};

type Waiting = { readonly signal: AbortSignal; readonly logs: string };

const inTime = async (ready: Promise<unknown>, { signal, logs }: Waiting): Promise<void> => {
  const tooLong = delay(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
    throw new Error(
      `the landscape is not ready after ${READY_WITHIN_MS / 1_000} s; the logs in ${logs} say why`,
    );
  });
  await Promise.race([ready, tooLong, aborted(signal).then(() => signal.throwIfAborted())]);
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

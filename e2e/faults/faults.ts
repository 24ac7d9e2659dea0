import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { rollOplog } from './roll-oplog.ts';
import { isRelay, reserving, type Site } from './site.ts';

/** Longer than a batch's lock (5 s) and the relay's lease (2 s), shorter than what liveness allows (15 s). */
const FROZEN_MS = 8_000;
const FROZEN_AT_LEAST_MS = 6_000;

const SUBSCRIPTIONS = 'subscriptions';

/** Does one thing that happens in production. @returns whether it really happened. */
export type Fault = (site: Site) => Promise<boolean>;

/** What happens every few seconds. */
export const killOne: Fault = async ({ landscape, random, reserved }) => {
  const alive = [...landscape.processes].filter(
    ([name, one]) => !reserved.has(name) && one.pid() !== undefined,
  );
  return alive.length > 0 && random.pick(alive)[1].signal('SIGKILL');
};

/** It wakes up believing that it still has what others have taken over meanwhile. */
const freeze: Fault = async (site) => {
  const { landscape, random } = site;
  const contexts = [...landscape.processes.keys()].filter(
    (name) => !isRelay(name) && !site.reserved.has(name),
  );
  const leader = await leaderOf(site);
  const name = leader !== undefined && random.next() < 0.4 ? leader : random.pick(contexts);
  const victim = landscape.processes.get(name);
  return reserving(site, [name], async () => {
    const pid = victim?.pid();
    const frozenAt = performance.now();
    if (!victim?.signal('SIGSTOP')) return false;
    await delay(FROZEN_MS);
    const isSame = victim.pid() === pid;
    victim.signal('SIGCONT');
    return isSame && performance.now() - frozenAt > FROZEN_AT_LEAST_MS;
  });
};

const leaderOf = async ({ landscape }: Site): Promise<string | undefined> => {
  const relays = [...landscape.endpoints.values()].filter(({ name }) => isRelay(name));
  const leads = await Promise.all(relays.map(({ adminUrl }) => isLeading(adminUrl).catch(() => false)));
  return relays.find((_, index) => leads[index])?.name;
};

const isLeading = async (adminUrl: string): Promise<boolean> => {
  const response = await fetch(`${adminUrl}/leader`, { signal: AbortSignal.timeout(1_000) });
  return ((await response.json()) as { epoch: number | null }).epoch !== null;
};

const wipeRedis: Fault = async ({ servers }) => {
  const redis = new Redis(servers.redisUrl);
  try {
    return (await redis.flushall()) === 'OK';
  } finally {
    redis.disconnect();
  }
};

const restartRedis: Fault = async ({ servers: { redis } }) => isReplaced(redis);
const restartMongod: Fault = async ({ servers: { mongod } }) => isReplaced(mongod);

const isReplaced = async (server: Site['servers']['redis']): Promise<boolean> => {
  const pid = server.pid();
  await server.restart();
  return server.pid() !== pid;
};

const KEPT_DOWN_EVERY_MS = 100;

/** However often it is started again: the front door has to do without it. */
export const keepAway: Fault = (site) => {
  const { landscape, awayMs } = site;
  const victim = landscape.processes.get(SUBSCRIPTIONS);
  return reserving(site, [SUBSCRIPTIONS], async () => {
    const deadline = performance.now() + awayMs;
    let isAway = true;
    while (performance.now() < deadline) {
      victim?.signal('SIGKILL');
      await delay(KEPT_DOWN_EVERY_MS);
      isAway &&= !(await isReady(landscape.endpoints.get(SUBSCRIPTIONS)?.adminUrl ?? ''));
    }
    return isAway;
  });
};

const isReady = async (adminUrl: string): Promise<boolean> => {
  const signal = AbortSignal.timeout(1_000);
  return (await fetch(`${adminUrl}/readyz`, { signal }).catch(() => undefined))?.ok ?? false;
};

/** What happens now and then, one at a time. */
export const RARE_FAULTS = {
  frozen: freeze,
  'Redis wiped': wipeRedis,
  'Redis restarted': restartRedis,
  'MongoDB restarted': restartMongod,
  'oplog rolled over': rollOplog,
} as const satisfies Record<string, Fault>;

export const AWAY = `${SUBSCRIPTIONS} away` as const;
export type FaultKind = keyof typeof RARE_FAULTS | 'killed' | typeof AWAY;
export const FAULT_KINDS = [
  'killed',
  AWAY,
  ...(Object.keys(RARE_FAULTS) as (keyof typeof RARE_FAULTS)[]),
] as const;

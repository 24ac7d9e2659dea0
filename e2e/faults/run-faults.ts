import { setTimeout as delay } from 'node:timers/promises';
import { countedRequests, isWindow } from './check-usage.ts';
import { DRAIN_SECONDS, type Drained, drain } from './drain.ts';
import { type Ground, openGround } from './ground.ts';
import type { Promised, UsageWindow } from './history.ts';
import { injectFaults } from './inject.ts';
import { type Load, startLoad } from './load.ts';
import { seededRandom } from './random.ts';
import { listProducts, type Shop, TENANTS } from './shop.ts';
import type { Site } from './site.ts';
import type { Outcome } from './verdict.ts';

export type FaultRun = {
  readonly seconds: number;
  readonly seed: number;
  readonly ordersPerSecond: number;
  /** For the map and the logs; exists. */
  readonly folder: string;
  readonly progress: (line: string) => void;
};

const TELL_EVERY_MS = 5_000;
/** MongoDB's smallest piece, twice: some history for relays that resume, little to roll over. */
const OPLOG_MB = 32;
const CHECKPOINT_SECONDS = 2;
const ANSWERS_WITHIN_MS = 60_000;
const LONGEST_AWAY_MS = 60_000;

/** Starts servers and landscape of its own, hurts them under load, and says what came of it. */
export const runFaults = async (run: FaultRun): Promise<Outcome> => {
  const { progress, folder } = run;
  const ground = await openGround({
    oplogSizeMb: OPLOG_MB,
    checkpointSeconds: CHECKPOINT_SECONDS,
    cacheGb: 0.5,
    progress,
    folder,
    tenants: TENANTS,
    replicas: { cloud: 2 },
  });
  try {
    return await hurt(run, ground);
  } finally {
    await ground.stop();
  }
};

const hurt = async (run: FaultRun, ground: Ground): Promise<Outcome> => {
  const shop: Shop = { doors: ground.doors, map: ground.landscape.map, tenants: TENANTS };
  const random = seededRandom(run.seed);
  const giveUp = new AbortController();
  const products = await listProducts(shop, AbortSignal.timeout(ANSWERS_WITHIN_MS));
  const { ordersPerSecond } = run;
  const load = startLoad({
    shop,
    random: seededRandom(run.seed + 1),
    ordersPerSecond,
    signal: giveUp.signal,
  });
  const awayMs = Math.min(LONGEST_AWAY_MS, (run.seconds * 1_000) / 3);
  const site: Site = { ...ground, random, reserved: new Set(), awayMs };
  const time = AbortSignal.timeout(run.seconds * 1_000);
  const startedAt = performance.now();
  const { counts, ended } = injectFaults(site, time);
  const telling = tell(run, { load, counts, startedAt }, time);
  await telling;
  const seconds = (performance.now() - startedAt) / 1_000;
  await ended;
  run.progress(
    'the faults are over; waiting until every command is answered and every event has taken effect',
  );
  const timer = setTimeout(
    () => giveUp.abort(new Error('no answer within a minute of calm')),
    ANSWERS_WITHIN_MS,
  );
  await load.finish().finally(() => clearTimeout(timer));
  const { orders, commands } = load;
  const requests = ground.doors.requests();
  const promised = { products, orders, commands, requests };
  const drained = await drain({ client: ground.client, shop, promised });
  if (drained.seconds === undefined) run.progress(`not drained within ${DRAIN_SECONDS} s`);
  return outcomeOf(run, { load, counts, seconds, drained, requests });
};

type Told = { readonly load: Load; readonly counts: Outcome['faults']; readonly startedAt: number };

const tell = async (
  { progress }: FaultRun,
  { load, counts, startedAt }: Told,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    await delay(TELL_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const faults = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    progress(
      `${time}  ${load.orders.length} orders acknowledged, ${load.open()} commands open; ${faults.join(', ')}`,
    );
  }
};

type Ended = Omit<Told, 'startedAt'> & {
  readonly seconds: number;
  readonly drained: Drained;
  readonly requests: Promised['requests'];
};

const outcomeOf = (
  { seed, ordersPerSecond }: FaultRun,
  { load, counts, seconds, drained, requests }: Ended,
): Outcome => {
  const windows = drained.effects.events.filter(isWindow).map(({ data }) => data as UsageWindow);
  const sum = (of: 'sent' | 'answered') => requests.reduce((total, one) => total + one[of], 0);
  const written = (name: string) => drained.effects.events.filter(({ type }) => type === name).length;
  return {
    seed,
    seconds,
    ordersPerSecond,
    orders: load.orders.length,
    commands: load.commands,
    refusedReservations: written('reservation-refused'),
    reinstatedOrders: written('order-reinstated'),
    strangeAnswers: load.strangeAnswers,
    faults: counts,
    drainSeconds: drained.seconds,
    violations: drained.violations,
    requests: { sent: sum('sent'), answered: sum('answered'), counted: countedRequests(windows) },
    windows: windows.length,
  };
};

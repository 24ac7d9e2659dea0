import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { SHOP } from '../../local/contexts.ts';
import { type Landscape, startLandscape } from '../../local/landscape/landscape.ts';
import { type Servers, startServers } from '../../local/servers/start-servers.ts';
import { DRAIN_SECONDS, type Drained, drain } from './drain.ts';
import type { ListedProduct } from './history.ts';
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

/** Starts servers and landscape of its own, hurts them under load, and says what came of it. */
export const runFaults = async (run: FaultRun): Promise<Outcome> => {
  const { progress, folder } = run;
  const servers = await startServers({
    oplogSizeMb: OPLOG_MB,
    checkpointSeconds: CHECKPOINT_SECONDS,
    cacheGb: 0.5,
    progress,
  });
  const client = new MongoClient(servers.mongodbUri);
  let landscape: Landscape | undefined;
  try {
    landscape = await startLandscape({ ...servers, folder, contexts: SHOP });
    await landscape.ready();
    return await hurt(run, { landscape, servers, client });
  } finally {
    await landscape?.stop();
    await client.close();
    await servers.stop();
  }
};

type Running = { readonly landscape: Landscape; readonly servers: Servers; readonly client: MongoClient };

const hurt = async (run: FaultRun, running: Running): Promise<Outcome> => {
  const shop: Shop = { ...running.landscape, tenants: TENANTS };
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
  const site: Site = { ...running, random, reserved: new Set() };
  const time = AbortSignal.timeout(run.seconds * 1_000);
  const startedAt = performance.now();
  const { counts, ended } = injectFaults(site, time);
  const telling = tell(run, { load, counts, startedAt }, time);
  await Promise.all([ended, telling]);
  const seconds = (performance.now() - startedAt) / 1_000;
  run.progress(
    'the faults are over; waiting until every command is answered and every event has taken effect',
  );
  const timer = setTimeout(
    () => giveUp.abort(new Error('no answer within a minute of calm')),
    ANSWERS_WITHIN_MS,
  );
  await load.finish().finally(() => clearTimeout(timer));
  const drained = await drain({ client: running.client, shop, promised: promisedBy(load, products) });
  if (drained.seconds === undefined) run.progress(`not drained within ${DRAIN_SECONDS} s`);
  return outcomeOf(run, { load, counts, seconds, drained });
};

const promisedBy = ({ orders, commands }: Load, products: readonly ListedProduct[]) => ({
  products,
  orders,
  commands,
});

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

type Ended = Omit<Told, 'startedAt'> & { readonly seconds: number; readonly drained: Drained };

const outcomeOf = (
  { seed, ordersPerSecond }: FaultRun,
  { load, counts, seconds, drained }: Ended,
): Outcome => {
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
  };
};

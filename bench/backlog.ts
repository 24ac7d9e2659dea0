import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { ordering } from '../contexts/ordering/context.ts';
import { shipping } from '../contexts/shipping/context.ts';
import type { Stretch } from './change-streams.ts';
import type { Ground, Standing } from './ground.ts';
import { placeOrders, timeNow } from './order-events.ts';

/** Moved before the clock starts, so that V8 has compiled what is measured, as in a process that has run a while. */
const WARM_UP = 20_000;
export const EVENTS = 100_000;

/** Longer than the lease, and than the relay needs to write down where its consumer stands. */
const SETTLE_MS = 3_000;
const LOOK_MS = 10;

/** Whoever consumes. `done` says how many events have had their effect. */
export type Consumer = { readonly done: () => Promise<number> };

export type Backlog = Standing & {
  readonly client: MongoClient;
  readonly db: (context: string) => Db;
};

/** Ordering's outbox, one relay and shipping. Nobody listens to shipping, and ordering's own process has gone. */
export const startBacklog = async (ground: Ground): Promise<Backlog> => {
  const standing = await ground.start({ contexts: [{ ...ordering, upstreams: [] }, shipping], relays: 1 });
  const client = new MongoClient(standing.servers.mongodbUri);
  const db = (context: string) => client.db(`local-${context}`);
  const stop = async () => {
    await client.close();
    await standing.stop();
  };
  await untilJoined(client);
  await standing.landscape.processes.get('ordering')?.stop();
  return { ...standing, client, db, stop };
};

const untilJoined = async (client: MongoClient): Promise<void> => {
  const watermarks = client.db('cadastre-relay').collection('watermarks');
  while ((await watermarks.countDocuments({ 'joined.0': { $exists: true } })) === 0) await delay(100);
};

/**
 * Events per second from an outbox that holds 100,000 to their effect, and what the limit reads in the same state.
 *
 * The relay is frozen while the outbox is filled and the limit measured; when it goes on it has lost its lease, takes it
 * anew and resumes its stream. The clock starts when it has the lease, so opening the stream counts; it stops
 * with the last effect.
 */
export const moveBacklog = async (
  backlog: Backlog,
  consumer: Consumer,
  limitOf: (stretch: Stretch) => Promise<number>,
): Promise<{ value: number; limit: number }> => {
  const { client, db, landscape } = backlog;
  const relay = landscape.processes.get('relay-1');
  await placeOrders(db('ordering'), WARM_UP);
  await untilDone(consumer, WARM_UP);
  await delay(SETTLE_MS);
  relay?.signal('SIGSTOP');
  const from = await timeNow(db('ordering'));
  await placeOrders(db('ordering'), EVENTS);
  const limit = await limitOf({ client, from, count: EVENTS });
  await delay(SETTLE_MS);

  const epoch = await epochOf(client);
  relay?.signal('SIGCONT');
  while ((await epochOf(client)) === epoch) await delay(LOOK_MS);
  const since = performance.now();
  await untilDone(consumer, WARM_UP + EVENTS);
  return { value: (EVENTS * 1_000) / (performance.now() - since), limit };
};

export const TOTAL = WARM_UP + EVENTS;

const epochOf = async (client: MongoClient): Promise<unknown> =>
  (await client.db('cadastre-relay').collection('leases').findOne())?.['epoch'];

/** Nothing moved for so long: the figure would say nothing. */
const STUCK_MS = 30_000;

const untilDone = async ({ done }: Consumer, count: number): Promise<void> => {
  let [last, movedAt] = [-1, performance.now()];
  for (;;) {
    const now = await done();
    if (now >= count) return;
    if (now !== last) [last, movedAt] = [now, performance.now()];
    if (performance.now() - movedAt > STUCK_MS)
      throw new Error(`only ${now} of ${count} events had an effect`);
    await delay(LOOK_MS);
  }
};

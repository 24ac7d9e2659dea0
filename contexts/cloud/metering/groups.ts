import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoServerError, Timestamp } from 'mongodb';
import type { Logger } from 'pino';
import { cannotMeter } from '../errors.ts';

export const GROUPS = 'usage-groups';

/** Units of one meter that an account consumed, by a login key where it matters which. */
export type Count = {
  readonly tenant: string;
  readonly meter: string;
  readonly units: number;
  readonly key?: string;
};

/** What a replica counted at once. Its id makes writing it again harmless. */
export type UsageGroup = {
  /** `<replica>-<n>` */
  _id: string;
  /** Written empty; mongod fills in its own clock on insert. */
  at: Timestamp;
  counts: Count[];
};

/** Counts that are to be known to outlast this process. */
export interface Meter {
  /**
   * Resolves when the counts are committed on a majority, together with what others counted meanwhile.
   * @throws Refused, 503, when they could not be in time; they may be counted nevertheless.
   */
  count(counts: readonly Count[]): Promise<void>;
  /** Resolves when everything that was counted is committed, or given up. */
  close(): Promise<void>;
}

type Waiting = { readonly committed: PromiseWithResolvers<void>; readonly counts: Map<string, Count> };

const AGAIN_MS = 20;
/** Well before a group is rolled: written again after that it would count twice. */
const GIVE_UP_MS = 5_000;
const ATTEMPT_MS = 2_000;
/** Of one document, far from 16 MB. */
const MOST_COUNTS = 20_000;

/** One group at a time is under way; what is counted meanwhile goes with the next one. */
export const mongoMeter = (db: Db, logger: Logger): Meter => {
  const groups = db.collection<UsageGroup>(GROUPS, { writeConcern: { w: 'majority' } });
  const replica = randomUUID();
  let number = 0;
  let next: Waiting | undefined;
  let running: Promise<void> | undefined;

  const commit = async ({ committed, counts }: Waiting): Promise<void> => {
    number += 1;
    const group = { _id: `${replica}-${number}`, at: new Timestamp(0n), counts: [...counts.values()] };
    try {
      await insertOnce(() => groups.insertOne({ ...group }, { timeoutMS: ATTEMPT_MS }));
      committed.resolve();
    } catch (error) {
      logger.error({ err: error, group: group._id }, 'usage could not be recorded: its answers are withheld');
      committed.reject(cannotMeter());
    }
  };

  const run = async (): Promise<void> => {
    while (next) {
      const group = next;
      next = undefined;
      await commit(group);
    }
    running = undefined;
  };

  const count = (counts: readonly Count[]): Promise<void> => {
    if (counts.length === 0) return Promise.resolve();
    next ??= waiting();
    const { committed } = next;
    for (const one of counts) add(next.counts, one);
    if (next.counts.size > MOST_COUNTS) logger.warn('a usage group is very large');
    // A turn later, so that what arrived together goes together.
    running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(run);
    return committed.promise;
  };

  return {
    count,
    close: async () => {
      while (running) await running;
    },
  };
};

const waiting = (): Waiting => {
  const committed = Promise.withResolvers<void>();
  // Nobody may be waiting any more when it fails.
  committed.promise.catch(() => undefined);
  return { committed, counts: new Map() };
};

const add = (counts: Map<string, Count>, one: Count): void => {
  const name = `${one.tenant} ${one.meter} ${one.key ?? ''}`;
  const before = counts.get(name);
  counts.set(name, before ? { ...before, units: before.units + one.units } : one);
};

const DUPLICATE_KEY = 11_000;

/** Repeats an insert of which nobody knows whether it took effect: found there already, it did. */
export const insertOnce = async (insert: () => Promise<unknown>, giveUpMs = GIVE_UP_MS): Promise<void> => {
  const deadline = performance.now() + giveUpMs;
  for (;;) {
    try {
      await insert();
      return;
    } catch (error) {
      if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return;
      if (performance.now() >= deadline) throw error;
      await delay(AGAIN_MS);
    }
  }
};

/** The roller takes them in the order of time. */
export const createGroupIndexes = async (db: Db): Promise<void> => {
  await db.createCollection(GROUPS).catch(() => undefined);
  await db.collection(GROUPS).createIndex({ at: 1 });
};

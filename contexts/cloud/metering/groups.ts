import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, Timestamp } from 'mongodb';
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

/** What a replica counted at once. */
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

type Summed = Count & { units: number };
type Waiting = { readonly committed: PromiseWithResolvers<void>; readonly counts: Map<string, Summed> };

const GIVE_UP_MS = 5_000;
/** Groups begin so far apart at the least: each costs MongoDB a commit of its own, however much is in it. */
const APART_MS = 5;
/** Of one document, far from 16 MB. */
const MOST_COUNTS = 20_000;

/**
 * One group at a time is under way; what is counted meanwhile goes with the next one.
 *
 * Only the driver sends a group again, and under the same number of the same session (retryable writes). mongod takes
 * each number once, whatever became of the document since, so a copy that was held up on its way adds nothing. To insert
 * it anew here, when an insert failed, would give it another number.
 */
export const mongoMeter = (db: Db, logger: Logger, giveUpMs = GIVE_UP_MS): Meter => {
  const groups = db.collection<UsageGroup>(GROUPS, { writeConcern: { w: 'majority' } });
  const replica = randomUUID();
  let number = 0;
  let next: Waiting | undefined;
  let running: Promise<void> | undefined;

  const commit = async ({ committed, counts }: Waiting): Promise<void> => {
    number += 1;
    const group = { _id: `${replica}-${number}`, at: new Timestamp(0n), counts: [...counts.values()] };
    try {
      await within(giveUpMs, groups.insertOne(group));
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
      const started = performance.now();
      await commit(group);
      const early = APART_MS - (performance.now() - started);
      if (early >= 1) await delay(early);
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

/** What comes too late may take effect nevertheless. */
const within = async (ms: number, done: Promise<unknown>): Promise<void> => {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLate.reject(new Error(`not done within ${ms} ms`)), ms);
  await Promise.race([done, tooLate.promise]).finally(() => clearTimeout(timer));
};

const waiting = (): Waiting => {
  const committed = Promise.withResolvers<void>();
  // Nobody may be waiting any more when it fails.
  committed.promise.catch(() => undefined);
  return { committed, counts: new Map() };
};

const add = (counts: Map<string, Summed>, one: Count): void => {
  const name = `${one.tenant} ${one.meter} ${one.key ?? ''}`;
  const sum = counts.get(name);
  if (sum) sum.units += one.units;
  else counts.set(name, { ...one });
};

/** The roller takes them in the order of time. */
export const createGroupIndexes = async (db: Db): Promise<void> => {
  await db.createCollection(GROUPS).catch(() => undefined);
  await db.collection(GROUPS).createIndex({ at: 1 });
};

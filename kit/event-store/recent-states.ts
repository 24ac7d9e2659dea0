import type { Db, Timestamp } from 'mongodb';
import type { AnyAggregate } from '../aggregate/aggregate.ts';
import type { Loaded } from '../aggregate/storage.ts';
import { snapshotId } from './snapshots.ts';

const KEPT = 5_000;

/** A state at a version. */
export type StateAt = Pick<Loaded, 'version' | 'sequence' | 'state' | 'snapshotVersion'>;

type Recent = StateAt & {
  readonly aggregate: AnyAggregate;
  /** When the event of this version was inserted: another in its place, as after a restore, has another. */
  readonly at: Timestamp;
};

/** How often states were read on from one that was remembered, from a snapshot, or from the first event. */
export type ReadCounts = { memory: number; snapshot: number; first: number };

/**
 * The states that this process read last, so that of a busy stream only its last event and what followed are left to
 * read. These are read each time: what others commit is seen, and nobody decides on what is remembered alone.
 */
export type RecentStates = {
  readonly counts: ReadCounts;
  recall(one: Loaded): Recent | undefined;
  keep(one: Loaded, at: Timestamp): void;
  forget(one: Loaded): void;
};

const ofDatabases = new WeakMap<Db, RecentStates>();

export const recentStates = (db: Db): RecentStates => {
  const known = ofDatabases.get(db) ?? newRecentStates();
  ofDatabases.set(db, known);
  return known;
};

const newRecentStates = (): RecentStates => {
  // A Map keeps the order of insertion: what is read is put in anew, so its first entry is the oldest.
  const known = new Map<string, Recent>();
  return {
    counts: { memory: 0, snapshot: 0, first: 0 },
    recall: (one) => {
      const found = known.get(snapshotId(one));
      return found?.aggregate === one.key.aggregate ? found : undefined;
    },
    keep: (one, at) => {
      const { version, sequence, state, snapshotVersion } = one;
      const name = snapshotId(one);
      known.delete(name);
      known.set(name, { aggregate: one.key.aggregate, version, sequence, state, snapshotVersion, at });
      const oldest = known.size > KEPT ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
    },
    forget: (one) => known.delete(snapshotId(one)),
  };
};

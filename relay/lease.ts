import type { Db } from 'mongodb';

/** How long a leader that says nothing stays the leader. A takeover takes this long plus one look. */
export const LEASE_MS = 2_000;
export const RENEW_EVERY_MS = 500;
/** The holder counts by its own monotonic clock and stops well before anyone else may start. */
const SAFETY_MS = 300;

type LeaseDocument = { _id: string; holder: string; epoch: number; expires: Date };

/**
 * Leadership over the outboxes of one MongoDB server, written and compared with the server's clock.
 *
 * Guarantee: at most one holder believes in its lease at a time, as long as monotonic clocks run at about the
 * same speed. Every holder has an epoch greater than those before it; what it writes names the epoch, so
 * a holder that was frozen in the middle of a write is found out.
 */
export interface Lease {
  /**
   * Takes the lease if it is free or ours. Each time is a new term with an epoch of its own.
   * @returns the epoch; undefined when another has it.
   */
  acquire(): Promise<number | undefined>;
  /** Prolongs the term. @returns false when another has taken the lease since. */
  renew(epoch: number): Promise<boolean>;
  /** Whether the last `acquire` or `renew` that succeeded still holds, by this process's monotonic clock. */
  isHeld(): boolean;
  /** Gives the lease up at once, so that a standby need not wait. */
  release(): Promise<void>;
}

export const mongoLease = (db: Db, holder: string, name = 'relay'): Lease => {
  const leases = db.collection<LeaseDocument>('leases', { writeConcern: { w: 'majority' } });
  const expires = { $add: ['$$NOW', LEASE_MS] };
  let heldUntil = Number.NEGATIVE_INFINITY;

  return {
    acquire: async () => {
      const asked = performance.now();
      await leases.updateOne({ _id: name }, { $setOnInsert: { ...nobody(), epoch: 0 } }, { upsert: true });
      const found = await leases.findOneAndUpdate(
        { _id: name, $expr: { $or: [{ $eq: ['$holder', holder] }, { $lte: ['$expires', '$$NOW'] }] } },
        [{ $set: { holder, epoch: { $add: ['$epoch', 1] }, expires } }],
        { returnDocument: 'after' },
      );
      if (found === null) return undefined;
      heldUntil = asked + LEASE_MS - SAFETY_MS;
      return found.epoch;
    },
    renew: async (epoch) => {
      const asked = performance.now();
      const renewed = await leases.updateOne({ _id: name, holder, epoch }, [{ $set: { expires } }]);
      if (renewed.matchedCount === 1) heldUntil = asked + LEASE_MS - SAFETY_MS;
      return renewed.matchedCount === 1;
    },
    isHeld: () => performance.now() < heldUntil,
    release: async () => {
      heldUntil = Number.NEGATIVE_INFINITY;
      await leases.updateOne({ _id: name, holder }, { $set: nobody() });
    },
  };
};

const nobody = () => ({ holder: '', expires: new Date(0) });

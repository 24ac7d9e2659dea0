import type { Db } from 'mongodb';
import type { Arrival } from './arrival.ts';
import { HELD, type HeldDocument, heldArrival } from './documents.ts';

/** The first event that a stream holds: on a parked stream the parked one. */
export const readNextHeld = async (db: Db, stream: string): Promise<Arrival | undefined> => {
  const found = await db.collection<HeldDocument>(HELD).findOne({ stream }, { sort: { sequence: 1 } });
  return found === null ? undefined : heldArrival(found);
};

/** What an operator sees of a parked event. */
export type ParkedEvent = {
  readonly stream: string;
  readonly sequence: number;
  readonly failure: { code: string; reason: string; attempts: number; at: Date };
  readonly event: unknown;
  /** Events of the same subject that wait behind it. */
  readonly behind: number;
};

/** The parked events, oldest first. */
export const readParked = async (db: Db, limit = 100): Promise<ParkedEvent[]> => {
  const held = db.collection<HeldDocument>(HELD);
  const found = await held
    .find({ failure: { $exists: true } })
    .sort({ 'failure.at': 1 })
    .limit(limit)
    .toArray();
  return await Promise.all(
    found.flatMap(({ stream, sequence, failure, event }) =>
      failure === undefined
        ? []
        : [
            held
              .countDocuments({ stream, sequence: { $gt: sequence } })
              .then((behind) => ({ stream, sequence, failure, event, behind })),
          ],
    ),
  );
};

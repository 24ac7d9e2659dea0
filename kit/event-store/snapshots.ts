import { type Db, MongoServerError } from 'mongodb';
import type { Loaded } from '../aggregate/storage.ts';
import { streamName, streamOf } from './events.ts';

/** States at a version, so that few events are left to read. Deleting them all costs time and loses nothing. */
export const SNAPSHOTS = 'snapshots';

const EVERY = 200;
const DUPLICATE_KEY = 11_000;

export type SnapshotDocument = {
  /** `<tenant>/<kind>/<id>/<stateVersion>`: two releases that run side by side do not overwrite each other's. */
  _id: string;
  version: number;
  sequence: number;
  state: unknown;
};

/** Found again by the stream's name. */
export const readSnapshots = async (
  db: Db,
  part: readonly Loaded[],
): Promise<Map<string, SnapshotDocument>> => {
  const ids = part.map(snapshotId);
  const found = await snapshotsOf(db)
    .find({ _id: { $in: ids } })
    .toArray();
  return new Map(found.map((one) => [one._id, one]));
};

/** Takes a snapshot of each that has moved far enough from its last one; an older one never replaces a newer. */
export const takeSnapshots = async (db: Db, part: readonly Loaded[]): Promise<void> => {
  const writes = part.filter(isDue).map((one) => {
    const { version, sequence, state } = one;
    return {
      updateOne: {
        filter: { _id: snapshotId(one), version: { $lt: version } },
        update: { $set: { version, sequence, state } },
        upsert: true,
      },
    };
  });
  if (writes.length === 0) return;
  await snapshotsOf(db)
    .bulkWrite(writes, { ordered: false })
    .catch((error: unknown) => {
      // A newer one is there already.
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    });
};

export const snapshotId = (one: Pick<Loaded, 'key' | 'tenant'>): string =>
  `${streamName(streamOf(one))}/${one.key.aggregate.eventSourcing?.stateVersion ?? 1}`;

const isDue = ({ key, version, snapshotVersion }: Loaded): boolean =>
  version - snapshotVersion >= (key.aggregate.eventSourcing?.snapshotEvery ?? EVERY);

const snapshotsOf = (db: Db) =>
  db.collection<SnapshotDocument>(SNAPSHOTS, {
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority' },
    ignoreUndefined: true,
  });

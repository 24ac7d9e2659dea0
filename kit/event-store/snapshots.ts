import { type AnyBulkWriteOperation, type Db, MongoServerError } from 'mongodb';
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

/** Of those that have one. */
export const readSnapshots = async (
  db: Db,
  part: readonly Loaded[],
): Promise<Map<Loaded, SnapshotDocument>> => {
  if (part.length === 0) return new Map();
  const asked = new Map(part.map((one) => [snapshotId(one), one]));
  const found = await snapshotsOf(db)
    .find({ _id: { $in: [...asked.keys()] } })
    .toArray();
  return new Map(
    found.flatMap((snapshot) => {
      const one = asked.get(snapshot._id);
      return one === undefined ? [] : [[one, snapshot]];
    }),
  );
};

/**
 * Takes a snapshot of each that has moved far enough from its last one, and removes those of older state versions. An
 * older one never replaces a newer; what is removed while a release before this one still runs, that one takes again.
 *
 * @returns those that are taken, by this process or by a faster one.
 */
export const takeSnapshots = async (db: Db, part: readonly Loaded[]): Promise<readonly Loaded[]> => {
  const due = part.filter(isDue);
  const writes = due.flatMap((one): AnyBulkWriteOperation<SnapshotDocument>[] => {
    const { version, sequence, state } = one;
    const filter = { _id: snapshotId(one), version: { $lt: version } };
    const take = { updateOne: { filter, update: { $set: { version, sequence, state } }, upsert: true } };
    const older = olderIds(one);
    return older.length === 0 ? [take] : [take, { deleteMany: { filter: { _id: { $in: older } } } }];
  });
  if (writes.length === 0) return [];
  await snapshotsOf(db)
    .bulkWrite(writes, { ordered: false })
    .catch((error: unknown) => {
      // A newer one is there already.
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    });
  return due;
};

export const snapshotId = (one: Of): string => snapshotIdOf(one, stateVersionOf(one));

type Of = Pick<Loaded, 'key' | 'tenant'>;

const snapshotIdOf = (one: Of, stateVersion: number): string =>
  `${streamName(streamOf(one))}/${stateVersion}`;

const stateVersionOf = ({ key }: Of): number => key.aggregate.eventSourcing?.stateVersion ?? 1;

/** State versions count 1, 2, 3 … */
const olderIds = (one: Of): string[] =>
  Array.from({ length: stateVersionOf(one) - 1 }, (_, index) => snapshotIdOf(one, index + 1));

const isDue = ({ key, version, snapshotVersion }: Loaded): boolean =>
  version - snapshotVersion >= (key.aggregate.eventSourcing?.snapshotEvery ?? EVERY);

const snapshotsOf = (db: Db) =>
  db.collection<SnapshotDocument>(SNAPSHOTS, {
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority' },
    ignoreUndefined: true,
  });

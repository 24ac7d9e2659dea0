import type { Db } from 'mongodb';
import type { DomainEvent } from '../aggregate/aggregate.ts';
import type { Loaded, Storage } from '../aggregate/storage.ts';
import {
  type EventDocument,
  eventDocument,
  eventsAfter,
  eventsOf,
  streamName,
  streamOf,
  upcasted,
} from './events.ts';
import { writeInline } from './inline.ts';
import { readSnapshots, snapshotId, takeSnapshots } from './snapshots.ts';

/** A document per event; the state follows from a snapshot and the events after it. */
export const eventStored: Storage = {
  read: async (db, part) => {
    const snapshots = await readSnapshots(db, part);
    const from = part.map((one): Loaded => {
      const snapshot = snapshots.get(snapshotId(one));
      if (snapshot === undefined) return one;
      const { version, sequence, state } = snapshot;
      return { ...one, storedVersion: version, snapshotVersion: version, version, sequence, state };
    });
    const later = await readLater(db, from);
    return from.map((one) => evolved(one, later.get(streamName(streamOf(one))) ?? []));
  },

  write: async (db, part, session) => {
    const documents = part.flatMap((one) =>
      one.decisions.map((decision) => eventDocument(streamOf(one), decision)),
    );
    if (documents.length > 0) await eventsOf(db).insertMany(documents, { session });
    await writeInline(db, part, session);
  },

  afterCommit: async (db, part) => {
    // Without it reading takes longer, and the next commit tries again.
    await takeSnapshots(db, part).catch(() => undefined);
  },
};

/** The events above each one's version, by stream: one query, a range of ids for each. */
const readLater = async (db: Db, part: readonly Loaded[]): Promise<Map<string, EventDocument[]>> => {
  const ranges = part.map((one) => eventsAfter(streamOf(one), one.version));
  const [only, ...others] = ranges;
  if (only === undefined) return new Map();
  const filter = others.length === 0 ? only : { $or: ranges };
  const found = await eventsOf(db).find(filter, { batchSize: 10_000 }).toArray();
  return Map.groupBy(
    found.sort((a, b) => a.version - b.version),
    streamName,
  );
};

const evolved = (one: Loaded, events: readonly EventDocument[]): Loaded => {
  const { aggregate } = one.key;
  const state = events.reduce(
    (before, event) => aggregate.evolve(before, upcasted(aggregate, event) as DomainEvent),
    one.state,
  );
  const { version, sequence } = events.at(-1) ?? one;
  return { ...one, storedVersion: version, version, sequence, state };
};

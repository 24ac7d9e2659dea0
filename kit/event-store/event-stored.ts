import type { Db, Timestamp } from 'mongodb';
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
import { recentStates } from './recent-states.ts';
import { readSnapshots, takeSnapshots } from './snapshots.ts';

/** A document per event; the state follows from one that is known of an earlier version and the events after it. */
export const eventStored: Storage = {
  read: async (db, part) => {
    const recent = recentStates(db);
    const bases = await basesOf(db, part);
    const stored = await readEvents(db, bases);
    const eventsOf = ({ one }: Base) => stored.get(streamName(streamOf(one))) ?? [];
    const gone = bases.filter((base) => !isStillThere(base, eventsOf(base)));
    for (const { one } of gone) recent.forget(one);
    if (gone.length > 0) return await eventStored.read(db, part);
    return bases.map((base) => {
      const events = eventsOf(base);
      const read = evolved(base.one, base.at === undefined ? events : events.slice(1));
      const last = events.at(-1);
      if (last !== undefined) recent.keep(read, last.at);
      return read;
    });
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
    const taken = await takeSnapshots(db, part).catch(() => []);
    for (const one of taken) recentStates(db).forget(one);
  },
};

/** A state that is known of an earlier version; `at` is set when its last event is to be seen again. */
type Base = { readonly one: Loaded; readonly at?: Timestamp };

/** What is remembered, else a snapshot, else nothing. */
const basesOf = async (db: Db, part: readonly Loaded[]): Promise<Base[]> => {
  const { recall, counts } = recentStates(db);
  const remembered = new Map(part.map((one) => [one, recall(one)]));
  const snapshots = await readSnapshots(
    db,
    part.filter((one) => remembered.get(one) === undefined),
  );
  return part.map((one): Base => {
    const recent = remembered.get(one);
    const snapshot = snapshots.get(one);
    counts[recent ? 'memory' : snapshot ? 'snapshot' : 'first'] += 1;
    if (recent !== undefined) {
      const { at, aggregate: _, ...known } = recent;
      return { one: { ...one, ...known }, at };
    }
    if (snapshot === undefined) return { one };
    const { version, sequence, state } = snapshot;
    return { one: { ...one, snapshotVersion: version, version, sequence, state } };
  });
};

/** By stream: the events above each one's version, and the one of that version that is to be seen again. */
const readEvents = async (db: Db, bases: readonly Base[]): Promise<Map<string, EventDocument[]>> => {
  const ranges = bases.map(({ one, at }) =>
    eventsAfter(streamOf(one), at === undefined ? one.version : one.version - 1),
  );
  const [only, ...others] = ranges;
  if (only === undefined) return new Map();
  const filter = others.length === 0 ? only : { $or: ranges };
  const found = await eventsOf(db).find(filter, { batchSize: 10_000 }).toArray();
  return Map.groupBy(
    found.sort((a, b) => a.version - b.version),
    streamName,
  );
};

const isStillThere = ({ one, at }: Base, [first]: readonly EventDocument[]): boolean =>
  at === undefined || (first?.version === one.version && first.at.equals(at));

const evolved = (one: Loaded, events: readonly EventDocument[]): Loaded => {
  const { aggregate } = one.key;
  const state = events.reduce(
    (before, event) => aggregate.evolve(before, upcasted(aggregate, event) as DomainEvent),
    one.state,
  );
  const { version, sequence } = events.at(-1) ?? one;
  return { ...one, storedVersion: version, version, sequence, state };
};

import type { Db } from 'mongodb';
import type { AnyAggregate } from '../aggregate/aggregate.ts';
import { EVENTS } from './events.ts';
import { SNAPSHOTS } from './snapshots.ts';

/**
 * Collections and indexes of event-sourced aggregates; nothing where there are none.
 *
 * `at` is the order in which a projection is built. The first events are indexed by kind, so that a kind's streams
 * are found without an entry for every event.
 */
export const createEventStoreIndexes = async (db: Db, aggregates: readonly AnyAggregate[]): Promise<void> => {
  const sourced = aggregates.flatMap(({ eventSourcing }) => eventSourcing ?? []);
  if (sourced.length === 0) return;
  for (const name of [EVENTS, SNAPSHOTS]) await db.createCollection(name).catch(() => undefined);
  const events = db.collection(EVENTS);
  await events.createIndex({ at: 1, _id: 1 });
  await events.createIndex({ kind: 1, _id: 1 }, { partialFilterExpression: { version: 1 } });
  for (const { inline } of sourced) {
    if (inline === undefined) continue;
    await db.createCollection(inline.collection).catch(() => undefined);
    for (const index of inline.indexes ?? []) await db.collection(inline.collection).createIndex(index);
  }
};

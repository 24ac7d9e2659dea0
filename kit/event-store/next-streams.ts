import type { Db, Filter } from 'mongodb';
import type { AggregateDocument, AnyAggregate } from '../aggregate/aggregate.ts';
import { notStored } from '../aggregate/storage.ts';
import { eventStored } from './event-stored.ts';
import { type EventDocument, eventsOf } from './events.ts';

export type Asked = {
  /** All tenants when null. */
  readonly tenant: string | null;
  /** The `_id` of the last document that was handed out; empty to begin with. */
  readonly after: string;
  readonly limit: number;
};

/** The streams of a kind as if their states were stored, in the order of an `_id` that only goes on from here. */
export const nextStreams = async (
  db: Db,
  aggregate: AnyAggregate,
  { tenant, after, limit }: Asked,
): Promise<AggregateDocument[]> => {
  const { kind } = aggregate;
  const range: Filter<EventDocument> = { kind, version: 1, _id: { $gt: after } };
  const filter = tenant === null ? range : { ...range, tenant };
  const firsts = await eventsOf(db).find(filter).sort({ _id: 1 }).limit(limit).toArray();
  const states = await eventStored.read(
    db,
    firsts.map((first) => notStored(first.tenant, { aggregate, id: first.id })),
  );
  return states.map(({ key, tenant: of, sequence, version, state }, index) => {
    return { _id: firsts[index]?._id ?? '', tenant: of, id: key.id, sequence, version, state };
  });
};

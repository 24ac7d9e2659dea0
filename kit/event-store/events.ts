import { type Db, Timestamp } from 'mongodb';
import type { AnyAggregate } from '../aggregate/aggregate.ts';
import type { Decision, Loaded } from '../aggregate/storage.ts';
import type { Cause } from '../event/cloud-event.ts';
import type { StoredEvent } from './event-sourced.ts';

/** Every event of every event-sourced aggregate of a context, so that one change stream has them all. */
export const EVENTS = 'events';

/** Appended once and never changed. */
export type EventDocument = StoredEvent &
  Omit<Cause, 'traceparent'> & {
    /** `<tenant>/<kind>/<id>/<version>`: unique per stream and version, and finds a stream in order by its prefix. */
    _id: string;
    tenant: string;
    kind: string;
    id: string;
    version: number;
    /** Published events of the stream so far, this one included. */
    sequence: number;
    /** Written empty; mongod fills in its own clock on insert. */
    at: Timestamp;
    time: string;
    actor?: string;
  };

export type Stream = { readonly tenant: string; readonly kind: string; readonly id: string };

const DIGITS = 10;

export const streamOf = ({ key, tenant }: Pick<Loaded, 'key' | 'tenant'>): Stream => {
  return { tenant, kind: key.aggregate.kind, id: key.id };
};
export const streamName = ({ tenant, kind, id }: Stream): string => `${tenant}/${kind}/${id}`;
export const eventName = (stream: Stream, version: number): string =>
  `${streamName(stream)}/${String(version).padStart(DIGITS, '0')}`;

/** Finds the events of a stream above a version. The id is named as well, since ids may hold slashes. */
export const eventsAfter = (stream: Stream, version: number) => ({
  _id: { $gt: eventName(stream, version), $lt: `${streamName(stream)}/:` },
  id: stream.id,
});

export const eventDocument = (stream: Stream, decision: Decision): EventDocument => {
  const { version, sequence, event, time, actor, cause } = decision;
  const { correlationid, causationid } = cause;
  return {
    _id: eventName(stream, version),
    ...stream,
    version,
    sequence,
    at: new Timestamp(0n),
    type: event.type,
    data: event.data,
    time,
    ...(actor !== undefined && { actor }),
    ...(correlationid !== undefined && { correlationid }),
    ...(causationid !== undefined && { causationid }),
  };
};

/**
 * What only a failover could take back is not read: a decision upon it would leave a gap in its stream.
 * Fields that are undefined are left out, as they are in what is published.
 */
export const eventsOf = (db: Db) =>
  db.collection<EventDocument>(EVENTS, { readConcern: { level: 'majority' }, ignoreUndefined: true });

/** In today's shape. */
export const upcasted = (aggregate: AnyAggregate, { type, data }: StoredEvent): StoredEvent =>
  aggregate.eventSourcing?.upcast?.({ type, data }) ?? { type, data };

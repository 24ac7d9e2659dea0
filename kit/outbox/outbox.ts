import { type ClientSession, type Db, Timestamp } from 'mongodb';
import type { DomainEvent } from '../aggregate/aggregate.ts';
import {
  type Cause,
  type CloudEvent,
  MAX_EVENT_BYTES,
  padSequence,
  type StartMode,
} from '../event/cloud-event.ts';
import { eventId } from '../event/event-id.ts';
import type { EventType, PublishedLanguage } from '../event/published-language.ts';
import { EventTooLarge } from './errors.ts';

/** Every context's outbox has this name, so that one change stream can follow them all. */
export const OUTBOX = 'outbox';

/**
 * An event that waits to be relayed. The relay routes by the fields and passes `event` on.
 *
 * The id makes a sequence unique, finds a subject's events by prefix, and costs no second index.
 */
export type OutboxDocument = {
  /** `<tenant>/<subject>/<sequence>`; a mark's id goes on with `/<consumer>/<mode>`. */
  _id: string;
  /** Written empty; mongod fills in its own clock on insert. */
  at: Timestamp;
  tenant: string;
  subject: string;
  sequence: number;
  type: string;
  /** The only consumer that gets it: marks are addressed. */
  to?: string;
  /** The CloudEvent as JSON text, passed on byte for byte. */
  event: string;
};

export type Fact = {
  readonly language: PublishedLanguage;
  readonly tenant: string;
  readonly subject: string;
  readonly sequence: number;
  readonly event: DomainEvent;
  readonly cause: Cause;
  /** RFC 3339; one for all events of a transaction. */
  readonly time: string;
};

/**
 * Writes events into the outbox within the transaction that changes the state which they report.
 *
 * Guarantee: what commits is relayed at least once, in the order of `sequence` per tenant and subject;
 * what aborts was never there. Duplicate sequences are refused by the id.
 */
export interface Outbox {
  append(documents: readonly OutboxDocument[], session: ClientSession): Promise<void>;
}

export const mongoOutbox = (db: Db): Outbox => {
  const collection = db.collection<OutboxDocument>(OUTBOX);
  return {
    append: async (documents, session) => {
      if (documents.length > 0) await collection.insertMany([...documents], { session });
    },
  };
};

/** The event type under which a language publishes a domain event; undefined if the event stays inside. */
export const publishedAs = (language: PublishedLanguage, event: DomainEvent): EventType | undefined =>
  (language.events as Record<string, EventType>)[event.type];

/** @throws EventTooLarge over 1 MB of UTF-8. */
export const outboxDocument = (fact: Fact, type: EventType): OutboxDocument => {
  const { tenant, subject, sequence } = fact;
  const cloudEvent: CloudEvent = {
    specversion: '1.0',
    id: eventId(),
    source: `/${type.context}`,
    type: type.type,
    subject,
    time: fact.time,
    datacontenttype: 'application/json',
    tenant,
    sequence: padSequence(sequence),
    ...fact.cause,
    data: fact.event.data,
  };
  return {
    _id: `${tenant}/${subject}/${cloudEvent.sequence}`,
    at: new Timestamp(0n),
    tenant,
    subject,
    sequence,
    type: type.type,
    event: withinLimit(cloudEvent),
  };
};

export type Mark = Omit<Fact, 'event' | 'cause'> & {
  readonly to: string;
  readonly mode: StartMode;
  readonly type: string;
  readonly data?: unknown;
};

/** A join mark: tells one consumer at which sequence it starts on a subject. */
export const markDocument = (mark: Mark): OutboxDocument => {
  const { tenant, subject, sequence, type, to } = mark;
  const cloudEvent: CloudEvent = {
    specversion: '1.0',
    id: eventId(),
    source: `/${mark.language.context}`,
    type,
    subject,
    time: mark.time,
    datacontenttype: 'application/json',
    tenant,
    sequence: padSequence(sequence),
    mark: mark.mode,
    data: mark.data ?? null,
  };
  const _id = `${tenant}/${subject}/${cloudEvent.sequence}/${to}/${cloudEvent.id}`;
  return { _id, at: new Timestamp(0n), tenant, subject, sequence, type, to, event: withinLimit(cloudEvent) };
};

/** Indexes that the relay needs: it reads ranges of `at` when it cannot read the change stream. */
export const createOutboxIndexes = async (db: Db): Promise<void> => {
  await db.collection(OUTBOX).createIndex({ at: 1 });
};

const withinLimit = (event: CloudEvent): string => {
  const json = JSON.stringify(event);
  if (json.length > MAX_EVENT_BYTES / 3 && Buffer.byteLength(json) > MAX_EVENT_BYTES) {
    throw new EventTooLarge(event.type, event.subject, Buffer.byteLength(json));
  }
  return json;
};

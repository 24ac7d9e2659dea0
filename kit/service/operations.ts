import { type Db, type Filter, Timestamp } from 'mongodb';
import { z } from 'zod';
import type { CloudEvent } from '../event/cloud-event.ts';
import { HELD, type HeldDocument, INBOX } from '../inbox/documents.ts';
import { readParked } from '../inbox/held.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { BadOperation, type Operation } from './admin.ts';

const LIMIT = 1_000;
const MAX_TIME_MS = 20_000;

/** What an operator may ask of a context. The answers are what the `cadastre` commands print. */
export const contextOperations = (db: Db, inbox: Inbox): Operation[] => [
  { method: 'GET', path: '/events', run: (query) => readEvents(db, query) },
  { method: 'GET', path: '/trace', run: (query) => readTrace(db, query) },
  { method: 'GET', path: '/parked', run: async () => ({ parked: await readParked(db) }) },
  { method: 'POST', path: '/redrive', run: (query) => actOn(db, query, inbox.redrive) },
  { method: 'POST', path: '/discard', run: (query) => actOn(db, query, inbox.discard) },
];

const eventsQuery = z.object({
  after: z.string().regex(/^\d+$/).default('0'),
  limit: z.coerce.number().int().min(1).max(LIMIT).default(100),
});

/** The outbox in the order in which it was written, a page at a time; `next` goes on behind it. */
const readEvents = async (db: Db, query: unknown) => {
  const { after, limit } = parse(eventsQuery, query);
  const filter = { at: { $gt: new Timestamp(BigInt(after)) } };
  const found = await db
    .collection<OutboxDocument>(OUTBOX)
    .find(filter)
    .sort({ at: 1 })
    .limit(limit)
    .toArray();
  return { events: found.map(({ event }) => JSON.parse(event)), next: found.at(-1)?.at.toString() ?? after };
};

const traceQuery = z.object({
  ids: z.string().regex(/^[\w.:,-]+$/, 'ids of orders or events, separated by commas'),
});

/**
 * What this context knows of some ids, which may be those of events, of subjects or of correlations: the events
 * that it published and name one, when it handled those events, and which of them it holds.
 */
const readTrace = async (db: Db, query: unknown) => {
  const ids = parse(traceQuery, query).ids.split(',').slice(0, LIMIT);
  const since = earliest(ids);
  const [published, handled, held] = await Promise.all([
    findPublished(db, ids, since),
    findHandled(db, ids, since),
    db
      .collection<HeldDocument>(HELD)
      .find({ 'event.id': { $in: ids } })
      .limit(LIMIT)
      .toArray(),
  ]);
  return {
    published,
    handled,
    held: held.map(({ event, failure, heldAt }) => ({ id: event?.id, heldAt, failure })),
  };
};

/** The ids are looked for in the text of the events, so that no index has to be paid for at each write. */
const findPublished = async (db: Db, ids: readonly string[], since: Date) => {
  const names = ids.map((id) => id.replaceAll('.', '\\.')).join('|');
  const at = { $gte: new Timestamp({ t: Math.floor(since.getTime() / 1_000), i: 0 }) };
  const filter: Filter<OutboxDocument> = { at, event: { $regex: names }, to: { $exists: false } };
  const options = { sort: { at: 1 }, limit: LIMIT, maxTimeMS: MAX_TIME_MS } as const;
  const found = await db.collection<OutboxDocument>(OUTBOX).find(filter, options).toArray();
  return found.map(({ event }) => {
    const { id, type, subject, tenant, time, correlationid, causationid } = JSON.parse(event) as CloudEvent;
    return { id, type, subject, tenant, time, correlationid, causationid };
  });
};

type BatchRecord = { _id: string; at: Date; events: string[] };

const findHandled = async (db: Db, ids: readonly string[], since: Date) => {
  const filter = { at: { $gte: since }, events: { $in: [...ids] } };
  const options = { sort: { at: 1 }, limit: LIMIT, maxTimeMS: MAX_TIME_MS } as const;
  const found = await db.collection<BatchRecord>(INBOX).find(filter, options).toArray();
  return found.flatMap(({ at, events }) => events.filter((id) => ids.includes(id)).map((id) => ({ id, at })));
};

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

/** A UUIDv7 begins with its time: nothing about it is older, clocks of several machines aside. */
const earliest = (ids: readonly string[]): Date => {
  const times = ids.map((id) =>
    UUID_V7.test(id) ? Number.parseInt(id.replace('-', '').slice(0, 12), 16) : 0,
  );
  return new Date(Math.max(0, Math.min(...times) - 60_000));
};

const actOn = async (db: Db, query: unknown, act: (stream: string) => Promise<void>) => {
  const { stream } = parse(z.object({ stream: z.string().min(1).optional() }), query);
  const parked = await readParked(db, LIMIT);
  const chosen = parked.filter((one) => stream === undefined || one.stream === stream);
  if (stream !== undefined && chosen.length === 0) {
    throw new BadOperation(`nothing is parked under ${stream}; ask GET /parked for what is`);
  }
  for (const one of chosen) await act(one.stream);
  const still = new Set((await readParked(db, LIMIT)).map((one) => one.stream));
  return { done: chosen.map((one) => ({ stream: one.stream, parked: still.has(one.stream) })) };
};

const parse = <T>(schema: z.ZodType<T>, query: unknown): T => {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new BadOperation(z.prettifyError(parsed.error));
  return parsed.data;
};

import { setTimeout as delay } from 'node:timers/promises';
import type { Db, Filter } from 'mongodb';
import type { Logger } from 'pino';
import type { AggregateDocument, AnyAggregate } from '../aggregate/aggregate.ts';
import { MARK_TYPE } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import { nextStreams } from '../event-store/next-streams.ts';
import { type JoinRequest, joinRequests } from './join-requests.ts';
import { type Mark, markDocument, OUTBOX, type OutboxDocument, publishedAs } from './outbox.ts';

const LOOK_EVERY_MS = 500;
const CHUNK = 500;

export type Marking = {
  readonly db: Db;
  readonly language: PublishedLanguage;
  readonly aggregates: readonly AnyAggregate[];
  readonly logger: Logger;
};

/**
 * Answers requests of joining consumers until the signal aborts: for each subject a mark that says where the
 * consumer starts. A mark is true when it is written and stays true, since sequences only grow; so it needs
 * no transaction, and one that is written twice does no harm.
 */
export const answerJoinRequests = async (marking: Marking, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      const open = await joinRequests(marking.db)
        .find({ doneAt: { $exists: false } })
        .toArray();
      for (const request of open) await answer(marking, request, signal);
    } catch (error) {
      if (!signal.aborted) marking.logger.warn({ error }, 'a join request is tried again');
    }
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};

const answer = async (marking: Marking, request: JoinRequest, signal: AbortSignal): Promise<void> => {
  const aggregate = marking.aggregates.find(({ kind }) => kind === request.kind);
  const requests = joinRequests(marking.db);
  let after = request.markedUpTo ?? '';
  while (aggregate !== undefined) {
    signal.throwIfAborted();
    const documents = await nextDocuments(marking.db, aggregate, { ...request, markedUpTo: after });
    const last = documents.at(-1);
    if (last === undefined) break;
    await writeMarks(marking, aggregate, { request, documents });
    after = last._id;
    await requests.updateOne({ _id: request._id }, { $set: { markedUpTo: after } });
  }
  await requests.updateOne({ _id: request._id }, { $set: { doneAt: new Date() } });
};

const nextDocuments = (
  db: Db,
  aggregate: AnyAggregate,
  { tenant, markedUpTo = '' }: JoinRequest,
): Promise<AggregateDocument[]> => {
  if (aggregate.eventSourcing) return nextStreams(db, aggregate, { tenant, after: markedUpTo, limit: CHUNK });
  const filter: Filter<AggregateDocument> = { _id: { $gt: markedUpTo }, sequence: { $gt: 0 } };
  const ofTenant = tenant === null ? filter : { ...filter, tenant };
  return db
    .collection<AggregateDocument>(aggregate.collection)
    .find(ofTenant)
    .sort({ _id: 1 })
    .limit(CHUNK)
    .toArray();
};

type Chunk = { readonly request: JoinRequest; readonly documents: readonly AggregateDocument[] };

const writeMarks = async (
  { db, language }: Marking,
  aggregate: AnyAggregate,
  chunk: Chunk,
): Promise<void> => {
  const time = new Date().toISOString();
  const { consumer: to, start: mode } = chunk.request;
  const outbox = db.collection<OutboxDocument>(OUTBOX);
  const told = chunk.documents.filter(({ sequence }) => sequence > 0);
  const marks = told.map(async ({ tenant, id, sequence, state }): Promise<Mark> => {
    const subject = `${aggregate.kind}/${id}`;
    const mark = { language, tenant, subject, sequence, time, to, mode, type: MARK_TYPE };
    if (mode === 'retained')
      return { ...mark, sequence: await beforeOldestKept(db, { tenant, subject, sequence }) };
    if (mode === 'now') return mark;
    return { ...mark, ...snapshotOf(language, aggregate, state) };
  });
  if (marks.length > 0) await outbox.insertMany((await Promise.all(marks)).map(markDocument));
};

const snapshotOf = (language: PublishedLanguage, aggregate: AnyAggregate, state: unknown) => {
  const event = aggregate.snapshot?.(state);
  const type = event && publishedAs(language, event);
  return event && type ? { type: type.type, data: event.data } : {};
};

type Subject = { readonly tenant: string; readonly subject: string; readonly sequence: number };

/** The outbox's ids lead with tenant and subject, so a subject's oldest event is one look away. */
const beforeOldestKept = async (db: Db, { tenant, subject, sequence }: Subject): Promise<number> => {
  const prefix = `${tenant}/${subject}/`;
  const range = { _id: { $gte: prefix, $lt: `${tenant}/${subject}0` }, to: { $exists: false } };
  const oldest = await db.collection<OutboxDocument>(OUTBOX).findOne(range, { sort: { _id: 1 } });
  return oldest === null ? sequence : oldest.sequence - 1;
};

import { setTimeout as delay } from 'node:timers/promises';
import { type ClientSession, type Db, MongoServerError } from 'mongodb';
import type { AggregateDocument, AnyAggregate } from '../aggregate/aggregate.ts';
import { idOf, type Loaded } from '../aggregate/storage.ts';
import { PROJECTIONS } from './builds.ts';
import type { EventSourcing } from './event-sourced.ts';
import { nextStreams } from './next-streams.ts';

type Inline = NonNullable<EventSourcing['inline']>;
type Newest = Pick<AggregateDocument, 'tenant' | 'id' | 'version' | 'state'>;
type InlineDocument = Pick<AggregateDocument, '_id' | 'tenant' | 'id' | 'version'>;

/** Writes, within the transaction of the events, what inline projections say of the newest states. */
export const writeInline = async (db: Db, part: readonly Loaded[], session: ClientSession): Promise<void> => {
  for (const [inline, some] of Map.groupBy(part, ({ key }) => key.aggregate.eventSourcing?.inline)) {
    if (inline === undefined) continue;
    const collection = inlineOf(db, inline);
    const writes = some.map((one) => {
      const replacement = documentOf(inline, { ...one, id: one.key.id });
      return { replaceOne: { filter: { _id: idOf(one) }, replacement, upsert: true } };
    });
    await collection.bulkWrite(writes, { session, ordered: false });
    // What is to be gone is written first: a delete that finds nothing would not conflict with whoever fills it in.
    const gone = some.filter(({ state }) => inline.of(state) === undefined).map(idOf);
    if (gone.length > 0) await collection.deleteMany({ _id: { $in: gone } }, { session });
  }
};

const PAGE = 100;
const DUPLICATE_KEY = 11_000;
/** A replica of the release before stops within 20 s of the moment at which the last of this one is ready. */
const AGAIN_MS = 60_000;
const ROLLED_OUT_MS = 3_600_000;

type Filled = { _id: string; collection: string; version: number; at: Date };

/**
 * Fills the inline projections that were added, or whose version was counted up, with the streams that are there: to
 * be called before they are served. It misses what replicas of the release before go on changing, so it fills them
 * anew whenever it is called in the hour after the first time, and does nothing later.
 */
export const fillInline = async (db: Db, aggregates: readonly AnyAggregate[]): Promise<void> => {
  for (const aggregate of aggregates) {
    const inline = aggregate.eventSourcing?.inline;
    if (inline !== undefined && !(await isFilled(db, inline))) await fill(db, aggregate, inline);
  }
};

/** Once more when replicas of the release before are gone. */
export const fillInlineAgain = async (
  db: Db,
  aggregates: readonly AnyAggregate[],
  signal: AbortSignal,
): Promise<void> => {
  await delay(AGAIN_MS, undefined, { signal });
  await fillInline(db, aggregates);
};

const fill = async (db: Db, aggregate: AnyAggregate, inline: Inline): Promise<void> => {
  for (let after = ''; ; ) {
    const page = await nextStreams(db, aggregate, { tenant: null, after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    await fillPage(db, inline, page);
    after = last._id;
  }
  const { collection, version = 1 } = inline;
  const since = { $cond: [{ $eq: ['$version', version] }, { $ifNull: ['$at', '$$NOW'] }, '$$NOW'] };
  await filledOf(db).updateOne({ _id: filledId(inline) }, [{ $set: { collection, version, at: since } }], {
    upsert: true,
  });
};

/** Where a newer state was written meanwhile, the filter finds nothing and the id refuses a second document. */
const fillPage = async (db: Db, inline: Inline, page: readonly AggregateDocument[]): Promise<void> => {
  const writes = page.map((one) => {
    const filter = { _id: `${one.tenant}/${one.id}`, version: { $not: { $gt: one.version } } };
    if (inline.of(one.state) === undefined) return { deleteOne: { filter } };
    return { replaceOne: { filter, replacement: documentOf(inline, one), upsert: true } };
  });
  await inlineOf(db, inline)
    .bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } })
    .catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
    });
};

const isFilled = async (db: Db, inline: Inline): Promise<boolean> => {
  const isLongAgo = { $lt: ['$at', { $subtract: ['$$NOW', ROLLED_OUT_MS] }] };
  const filter = { _id: filledId(inline), version: inline.version ?? 1, $expr: isLongAgo };
  return (await filledOf(db).findOne(filter)) !== null;
};

/** The version of the stream goes with it, so that what is older never replaces what is newer. */
const documentOf = (inline: Inline, { tenant, id, version, state }: Newest) => {
  return { ...inline.of(state), tenant, id, version };
};

const filledId = ({ collection }: Inline): string => `inline/${collection}`;
const filledOf = (db: Db) => db.collection<Filled>(PROJECTIONS, { writeConcern: { w: 'majority' } });
const inlineOf = (db: Db, { collection }: Inline) =>
  db.collection<InlineDocument>(collection, { ignoreUndefined: true });

import type { AnyBulkWriteOperation, ClientSession, Db } from 'mongodb';
import { ConcurrencyConflict } from '../aggregate/errors.ts';
import type { CloudEvent } from '../event/cloud-event.ts';
import type { Arrival } from './arrival.ts';
import {
  eventName,
  type Failure,
  type Failures,
  HELD_PAGE,
  type Ordered,
  type Position,
  UNKNOWN_STREAM,
} from './order.ts';

/** Positions of streams and records of batches share a collection: one command inserts both. */
export const INBOX = 'inbox';
export const HELD = 'inbox_held';

const KEPT_SECONDS = 7 * 24 * 3_600;

type PositionDocument = { _id: string; sequence: number; held?: boolean; parked?: boolean };
type BatchDocument = { _id: string; at: Date; events: string[] };
export type HeldDocument = {
  /** `<stream>#<sequence>`, padded so that a stream's events sort in order. */
  _id: string;
  stream: string;
  sequence: number;
  /** Null for one that this consumer did not ask for: it only closes a gap. */
  event: CloudEvent | null;
  unreadable?: string;
  heldAt: Date;
  /** Why the event is parked; absent on those that only wait behind another. */
  failure?: Failure & { at: Date };
};

const positionId = (stream: string) => `stream/${stream}`;
export const heldId = ({ stream, sequence }: Pick<Arrival, 'stream' | 'sequence'>) =>
  `${stream}#${String(sequence).padStart(10, '0')}`;

export const createInboxIndexes = async (db: Db): Promise<void> => {
  const partialFilterExpression = { at: { $exists: true } };
  await db
    .collection(INBOX)
    .createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS, partialFilterExpression });
  await db.collection(HELD).createIndex({ stream: 1, sequence: 1 });
  await db.collection(HELD).createIndex({ 'failure.at': 1 }, { sparse: true });
};

/** What is a duplicate is acknowledged, so it must be on what MongoDB cannot lose any more. */
const MAJORITY = { batchSize: 10_000, readConcern: { level: 'majority' } } as const;

/** The positions of the streams, those that are unknown left out. */
export const readPositions = async (db: Db, streams: readonly string[]): Promise<Map<string, Position>> => {
  const _id = { $in: streams.map(positionId) };
  const found = await db.collection<PositionDocument>(INBOX).find({ _id }, MAJORITY).toArray();
  return new Map(
    found.map((one) => [one._id.slice('stream/'.length), { ...UNKNOWN_STREAM, ...withoutId(one) }]),
  );
};

/** What is held of those streams that hold something, the earliest of each stream first. */
export const readHeld = async (
  db: Db,
  positions: ReadonlyMap<string, Position>,
): Promise<Map<string, Arrival[]>> => {
  const streams = [...positions].filter(([, { held }]) => held);
  const read = ([stream]: [string, Position]) =>
    db.collection<HeldDocument>(HELD).find({ stream }).sort({ sequence: 1 }).limit(HELD_PAGE).toArray();
  const pages = await Promise.all(streams.map(read));
  return new Map(streams.map(([stream], index) => [stream, (pages[index] ?? []).map(heldArrival)]));
};

export const heldArrival = ({ stream, sequence, event, unreadable }: HeldDocument): Arrival => ({
  stream,
  sequence,
  mark: event?.mark,
  event: event ?? undefined,
  ...(unreadable !== undefined && { unreadable }),
});

export type InboxChange = {
  readonly batch: string | undefined;
  readonly before: ReadonlyMap<string, Position>;
  readonly ordered: Ordered;
  readonly failures: Failures;
};

/**
 * Writes, within the transaction of the effects, how far the streams have come.
 * @throws ConcurrencyConflict when another process moved one of the streams.
 */
export const writeInbox = async (db: Db, change: InboxChange, session: ClientSession): Promise<void> => {
  await insertNew(db, change, session);
  await moveKnown(db, change, session);
  await storeHeld(db, change, session);
};

const insertNew = async (
  db: Db,
  { batch, before, ordered }: InboxChange,
  session: ClientSession,
): Promise<void> => {
  const fresh: (PositionDocument | BatchDocument)[] = [...ordered.positions]
    .filter(([stream, position]) => !before.has(stream) && differs(position, UNKNOWN_STREAM))
    .map(([stream, position]) => ({ _id: positionId(stream), ...compact(position) }));
  const events = ordered.accepted.flatMap(({ event }) => event?.id ?? []);
  if (batch !== undefined && events.length > 0) {
    fresh.push({ _id: `batch/${batch}/${events[0]}`, at: new Date(), events });
  }
  if (fresh.length === 0) return;
  await db.collection<PositionDocument | BatchDocument>(INBOX).insertMany(fresh, { session, ordered: false });
};

const moveKnown = async (db: Db, { before, ordered }: InboxChange, session: ClientSession): Promise<void> => {
  const moves = [...ordered.positions].flatMap(([stream, position]) => {
    const old = before.get(stream);
    if (old === undefined || !differs(old, position)) return [];
    const filter = { _id: positionId(stream), sequence: old.sequence };
    return [{ replaceOne: { filter, replacement: compact(position) } }];
  });
  if (moves.length === 0) return;
  const collection = db.collection<PositionDocument>(INBOX);
  const { matchedCount } = await collection.bulkWrite(moves, { session, ordered: false });
  if (matchedCount !== moves.length)
    throw new ConcurrencyConflict(`the positions of ${moves.length} streams`);
};

const storeHeld = async (
  db: Db,
  { ordered, failures }: InboxChange,
  session: ClientSession,
): Promise<void> => {
  const at = new Date();
  const hold = (one: Arrival) => ({
    updateOne: {
      filter: { _id: heldId(one) },
      update: {
        $setOnInsert: heldFields(one, at),
      },
      upsert: true,
    },
  });
  const blame = (one: Arrival) => {
    const failure = { ...failures.get(eventName(one)), at } as Failure & { at: Date };
    return { updateOne: { filter: { _id: heldId(one) }, update: { $set: { failure } } } };
  };
  const release = (one: Arrival) => ({ deleteOne: { filter: { _id: heldId(one) } } });
  const { toHold, toPark, toRelease } = ordered;
  const writes: AnyBulkWriteOperation<HeldDocument>[] = [
    ...toHold.map(hold),
    ...toPark.map(blame),
    ...toRelease.map(release),
  ];
  if (writes.length > 0) await db.collection<HeldDocument>(HELD).bulkWrite(writes, { session });
};

const heldFields = ({ stream, sequence, event, unreadable }: Arrival, heldAt: Date) => ({
  stream,
  sequence,
  event: event ?? null,
  ...(unreadable !== undefined && { unreadable }),
  heldAt,
});

const differs = (a: Position, b: Position) =>
  a.sequence !== b.sequence || a.held !== b.held || a.parked !== b.parked;

/** Flags are stored only where they are set: most streams have neither. */
const compact = ({ sequence, held, parked }: Position) => ({
  sequence,
  ...(held && { held }),
  ...(parked && { parked }),
});

const withoutId = ({ _id, ...rest }: PositionDocument) => rest;

import { type Db, MongoServerError, type Timestamp } from 'mongodb';
import type { Place, ReadPart } from './builds.ts';
import { HistoryLost } from './event-stream.ts';
import { EVENTS, type EventDocument } from './events.ts';

const PAGE = 500;
/** SnapshotTooOld, SnapshotUnavailable: the server keeps 5 minutes of history. */
const TOO_OLD = new Set([239, 246]);

/** The server's logical time now: what commits later commits above it. */
export const operationTime = async (db: Db): Promise<Timestamp> => {
  const { operationTime: now } = await db.command({ ping: 1 });
  return now;
};

export type Page = {
  readonly kinds: readonly string[];
  readonly after: Place | undefined;
  readonly asOf: Timestamp;
};

/**
 * Events as they stood at exactly one time, in the order of their insertion, behind a place.
 * @throws HistoryLost when the server no longer knows how things stood then.
 */
export const readEventsAsOf = async (db: Db, { kinds, after, asOf }: Page): Promise<EventDocument[]> => {
  const behind = after && {
    at: { $gte: after.at },
    $or: [{ at: { $gt: after.at } }, { _id: { $gt: after.id } }],
  };
  const find = {
    find: EVENTS,
    filter: { ...behind, kind: { $in: kinds } },
    sort: { at: 1, _id: 1 },
    limit: PAGE,
    batchSize: PAGE,
    singleBatch: true,
    readConcern: { level: 'snapshot', atClusterTime: asOf },
  };
  try {
    const reply = await db.command(find);
    return reply['cursor'].firstBatch;
  } catch (error) {
    throw error instanceof MongoServerError && TOO_OLD.has(Number(error.code))
      ? new HistoryLost(error)
      : error;
  }
};

/** mongod ends a transaction after 60 s, by a look that it takes every 30 s. */
const LONGEST_TRANSACTION_S = 120;
const READ_AS_OF_S = 60;

/**
 * As of when to read on behind what was read last. A later time than before only from a place that is settled: whatever
 * was inserted up to there had committed or never will. Else an event could commit below that place and another of
 * its stream above it, which would be read first.
 */
export const nextAsOf = (last: ReadPart | undefined, now: Timestamp): Timestamp => {
  if (last === undefined) return now;
  const isSettled = last.upTo !== null && last.upTo.at.t + LONGEST_TRANSACTION_S < last.asOf.t;
  return isSettled && last.asOf.t + READ_AS_OF_S < now.t ? now : last.asOf;
};

export const placeOf = ({ at, _id }: EventDocument): Place => ({ at, id: _id });

/**
 * Whether an event that the stream brings was among those that were read: it was if its place was read at a time
 * when it had committed.
 */
export const wasRead = (
  { event, committed }: { event: EventDocument; committed: Timestamp },
  parts: readonly ReadPart[],
): boolean => {
  const part = parts.find(({ upTo }) => upTo === null || compare(placeOf(event), upTo) <= 0);
  return part !== undefined && committed.compare(part.asOf) <= 0;
};

const compare = (a: Place, b: Place): number =>
  a.at.compare(b.at) || (a.id < b.id ? -1 : Number(a.id > b.id));

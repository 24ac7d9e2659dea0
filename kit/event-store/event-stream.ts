import { type ClientSession, type Db, Long, type Timestamp } from 'mongodb';
import { isHistoryLost } from '../aggregate/history-lost.ts';
import { EVENTS, type EventDocument } from './events.ts';

export type ResumeToken = { readonly _data: string };

/** Where a stream begins: behind a token, or, inclusively, with an operation time. */
export type StreamStart =
  | { readonly resumeAfter: ResumeToken }
  | { readonly startAtOperationTime: Timestamp };

export type CommittedEvent = {
  /** When its transaction committed, by the server's logical clock. */
  readonly committed: Timestamp;
  readonly event: EventDocument;
};

export type StreamBatch = {
  readonly events: readonly CommittedEvent[];
  /** Where the stream stands after these. */
  readonly token: ResumeToken;
  /** Whether there was nothing more when the server answered. */
  readonly isAtEnd: boolean;
  /** How long ago, by the server's clock and in whole seconds, the last of these committed; 0 at the end. */
  readonly behindMs: number;
};

/** MongoDB no longer has what follows, or how things stood: whoever followed has to read all events again. */
export class HistoryLost extends Error {
  constructor(cause: unknown) {
    super('cannot go on with the events: MongoDB no longer reaches back to where they were left', { cause });
  }
}

const BATCH = 500;
const WAIT_MS = 500;

type Change = { clusterTime: Timestamp; fullDocument: EventDocument };
type CursorReply = {
  operationTime: Timestamp;
  cursor: { id: Long; firstBatch?: Change[]; nextBatch?: Change[]; postBatchResumeToken: ResumeToken };
};

/**
 * The events of some kinds in the order in which they committed, without a gap, in batches that may be empty.
 * Ends with an error when the connection is lost: open it again behind the last token.
 *
 * @throws HistoryLost
 */
export async function* followEvents(
  db: Db,
  kinds: readonly string[],
  start: StreamStart,
): AsyncGenerator<StreamBatch> {
  const session = db.client.startSession();
  let cursor: Long | undefined;
  try {
    const opened = await open(db, { kinds, start, session });
    cursor = opened.cursor.id;
    yield batchOf(opened);
    while (!Long.fromValue(cursor).isZero()) {
      const reply = await more(db, session, cursor);
      cursor = reply.cursor.id;
      yield batchOf(reply);
    }
    throw new Error('cannot go on with the stream of events: its collection was dropped or renamed');
  } catch (error) {
    throw isHistoryLost(error) ? new HistoryLost(error) : error;
  } finally {
    if (cursor !== undefined) await kill(db, cursor);
    await session.endSession().catch(() => undefined);
  }
}

type Opening = { kinds: readonly string[]; start: StreamStart; session: ClientSession };

const open = async (db: Db, { kinds, start, session }: Opening): Promise<CursorReply> => {
  const pipeline = [
    { $changeStream: start },
    { $match: { operationType: 'insert', 'fullDocument.kind': { $in: kinds } } },
    { $project: { clusterTime: 1, fullDocument: 1 } },
  ];
  return await command(db, { aggregate: EVENTS, pipeline, cursor: { batchSize: 0 } }, session);
};

const more = (db: Db, session: ClientSession, id: Long): Promise<CursorReply> =>
  command(
    db,
    { getMore: Long.fromValue(id), collection: EVENTS, batchSize: BATCH, maxTimeMS: WAIT_MS },
    session,
  );

const command = async (db: Db, what: Record<string, unknown>, session: ClientSession): Promise<CursorReply> =>
  (await db.command(what, { session })) as unknown as CursorReply;

const kill = async (db: Db, id: Long): Promise<void> => {
  await db.command({ killCursors: EVENTS, cursors: [Long.fromValue(id)] }).catch(() => undefined);
};

const batchOf = ({ cursor, operationTime }: CursorReply): StreamBatch => {
  const changes = cursor.nextBatch ?? cursor.firstBatch;
  const events = (changes ?? []).map(({ clusterTime, fullDocument }) => {
    return { committed: clusterTime, event: fullDocument };
  });
  const isAtEnd = cursor.nextBatch !== undefined && events.length < BATCH;
  const last = events.at(-1)?.committed;
  const behindMs = isAtEnd || last === undefined ? 0 : 1_000 * (operationTime.t - last.t);
  return { events, token: cursor.postBatchResumeToken, isAtEnd, behindMs };
};

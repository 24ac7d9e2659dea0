import { type ClientSession, Long, type MongoClient } from 'mongodb';
import { isHistoryLost } from '../kit/aggregate/history-lost.ts';
import { OUTBOX, type OutboxDocument } from '../kit/outbox/outbox.ts';
import { type OutboxEvent, outboxEvent } from './outbox-event.ts';
import { clusterTimeOf, type Position, type ResumeToken } from './position.ts';

export type StreamReply = {
  readonly events: readonly OutboxEvent[];
  /** Documents that are no events: `<database> <id>`. */
  readonly unroutable: readonly string[];
  /** Where the stream stands after these events. */
  readonly position: Position;
};

/** MongoDB no longer has what follows the resume token: the events are to be read from the outboxes. */
export class HistoryLost extends Error {
  constructor(cause: unknown) {
    super('cannot resume the change stream: the oplog no longer reaches back to its token', { cause });
  }
}

const WAIT_MS = 500;
/** Cursor ids need all 64 bits; strings were checked when they were written. */
const RAW = { promoteLongs: false, enableUtf8Validation: false };

/**
 * The inserts into all outboxes of the server, in commit order. Ends with an error when the connection is
 * lost: open it again at the last position. Without a position it starts now.
 *
 * It asks for the next reply before it hands out the last, so that mongod works while the relay does. The
 * getMore is raw because the driver's iterator hands out one change at a time, at three quarters of the rate.
 *
 * @throws HistoryLost
 */
export async function* followOutboxes(
  client: MongoClient,
  resumeAfter: ResumeToken | undefined,
): AsyncGenerator<StreamReply> {
  const session = client.startSession();
  try {
    const opened = await open(client, session, resumeAfter);
    yield replyOf(opened);
    const cursorId = opened.cursor.id;
    let next = more(client, session, cursorId);
    try {
      for (;;) {
        const reply = await next;
        next = more(client, session, cursorId);
        yield replyOf(reply);
      }
    } finally {
      next.catch(() => undefined);
      killCursor(client, cursorId);
    }
  } catch (error) {
    throw isHistoryLost(error) ? new HistoryLost(error) : error;
  } finally {
    await session.endSession().catch(() => undefined);
  }
}

type CursorReply = {
  cursor: { id: Long; firstBatch?: Change[]; nextBatch?: Change[]; postBatchResumeToken: ResumeToken };
};
type Change = { ns: { db: string }; fullDocument: OutboxDocument };

const open = async (client: MongoClient, session: ClientSession, resumeAfter: ResumeToken | undefined) => {
  const pipeline = [
    { $changeStream: { allChangesForCluster: true, ...(resumeAfter && { resumeAfter }) } },
    { $match: { operationType: 'insert', 'ns.coll': OUTBOX } },
    { $project: { 'ns.db': 1, fullDocument: 1 } },
  ];
  const command = { aggregate: 1, pipeline, cursor: { batchSize: 0 } };
  return (await client.db('admin').command(command, { ...RAW, session })) as unknown as CursorReply;
};

const more = async (client: MongoClient, session: ClientSession, id: Long): Promise<CursorReply> => {
  const command = {
    getMore: Long.fromValue(id),
    collection: '$cmd.aggregate',
    batchSize: 2_000,
    maxTimeMS: WAIT_MS,
  };
  return (await client.db('admin').command(command, { ...RAW, session })) as unknown as CursorReply;
};

const killCursor = (client: MongoClient, id: Long): void => {
  const command = { killCursors: '$cmd.aggregate', cursors: [Long.fromValue(id)] };
  client
    .db('admin')
    .command(command)
    .catch(() => undefined);
};

const replyOf = ({ cursor }: CursorReply): StreamReply => {
  const events: OutboxEvent[] = [];
  const unroutable: string[] = [];
  for (const { ns, fullDocument } of cursor.nextBatch ?? cursor.firstBatch ?? []) {
    const event = outboxEvent(fullDocument, ns.db);
    if (event === undefined) unroutable.push(`${ns.db} ${fullDocument._id}`);
    else events.push(event);
  }
  const token = cursor.postBatchResumeToken;
  return { events, unroutable, position: { token, at: clusterTimeOf(token) } };
};

import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import { OUTBOX, type OutboxDocument } from '../kit/outbox/outbox.ts';
import { becomeLive, hasRoom, joinStream, type Lane, leaveStream, note, pump, type Range } from './lane.ts';
import { type OutboxEvent, outboxEvent } from './outbox-event.ts';
import type { Position } from './position.ts';

/** Below this the rest is short enough to buffer the stream meanwhile. */
const SHORT_ROUND = 1_000;
const LOOK_FOR_ROOM_MS = 5;
const REMEMBERED = 200_000;

export type CatchUp = {
  readonly client: MongoClient;
  readonly signal: AbortSignal;
  /** Routes an event to this lane if it is for it. */
  readonly deliver: (event: OutboxEvent) => boolean;
  /** Where the stream stands: all before it was offered to the lane. */
  readonly stream: () => Position;
};

/**
 * Reads from the outboxes what the stream brought while the lane was not live, until it meets the stream.
 *
 * Each round reads the ranges that were noted up to then; what the stream brings meanwhile is noted for the next.
 * When a round was short, the stream is buffered for one last round, behind which the lane is live. Nothing is
 * missed: what was noted had been delivered by the stream, so it is committed and visible to a read that
 * begins later, and what is not noted is in the buffer.
 */
export const catchUp = async (lane: Lane, context: CatchUp): Promise<void> => {
  for (let isDone = false; !isDone; ) isDone = await meetStream(lane, context);
  await pump(lane);
};

/** @returns false when more was noted meanwhile: history was lost again, or the lane was spilled. */
const meetStream = async (lane: Lane, context: CatchUp): Promise<boolean> => {
  const reading = { ...context, sent: new Set<string>() };
  for (let count = Number.POSITIVE_INFINITY; count >= SHORT_ROUND; await pump(lane)) {
    count = await readRanges(lane, takeRanges(lane), reading);
  }
  const joinedAt = context.stream();
  joinStream(lane);
  await readRanges(lane, takeRanges(lane), reading);
  const isJoined = lane.mode === 'joining-stream' && lane.spilled.size === 0;
  if (isJoined) becomeLive(lane, joinedAt);
  else leaveStream(lane);
  return isJoined;
};

const takeRanges = (lane: Lane): Map<string, Range> => {
  const ranges = lane.spilled;
  lane.spilled = new Map();
  return ranges;
};

type Reading = CatchUp & { readonly sent: Set<string> };

/** Reads one range of each outbox. @returns events delivered. */
const readRanges = async (lane: Lane, ranges: Map<string, Range>, reading: Reading): Promise<number> => {
  const left = new Map(ranges);
  let count = 0;
  try {
    for (const [database, range] of ranges) {
      for await (const event of readRange(reading.client, database, range)) {
        left.set(database, { from: event.at, to: range.to });
        count += await deliver(lane, event, reading);
      }
      left.delete(database);
    }
    return count;
  } finally {
    // What could not be read is noted again.
    for (const [database, { from, to }] of left) for (const at of [from, to]) note(lane, { database, at });
  }
};

/** Waits until there is room for the next one. @returns 1 when it was for this lane and new. */
const deliver = async (lane: Lane, event: OutboxEvent, reading: Reading): Promise<number> => {
  const isNew = !isSent(reading.sent, event._id) && reading.deliver(event);
  while (!hasRoom(lane)) await makeRoom(lane, reading.signal);
  return isNew ? 1 : 0;
};

async function* readRange(
  client: MongoClient,
  database: string,
  { from, to }: Range,
): AsyncGenerator<OutboxEvent> {
  const outbox = client.db(database).collection<OutboxDocument>(OUTBOX);
  const options = { sort: { at: 1 }, batchSize: 1_000, readConcern: { level: 'majority' } } as const;
  for await (const document of outbox.find({ at: { $gte: from, $lte: to } }, options)) {
    const event = outboxEvent(document, database);
    if (event !== undefined) yield event;
  }
}

/** Ranges overlap; forgetting now and then costs duplicates, which inboxes drop. */
const isSent = (sent: Set<string>, id: string): boolean => {
  if (sent.has(id)) return true;
  if (sent.size > REMEMBERED) sent.clear();
  sent.add(id);
  return false;
};

const makeRoom = async (lane: Lane, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  await pump(lane);
  if (!hasRoom(lane)) await delay(LOOK_FOR_ROOM_MS, undefined, { signal });
};

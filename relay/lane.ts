import type { Timestamp } from 'mongodb';
import { BATCH_VERSION, type BatchSender, batchId, LANES, type OutgoingBatch } from '../kit/queue/queue.ts';
import { type Buffer, type Entry, emptyBuffer, put, take } from './buffer.ts';
import { checkedText, type OutboxEvent } from './outbox-event.ts';
import { earlier, isBefore, later, type Position } from './position.ts';
import { type Progress, progressFrom, type Segment, settle } from './progress.ts';

/** A job carries no more than this; BullMQ and the inbox work best on batches of a few hundred events. */
export const BATCH_LIMITS = { events: 1_000, bytes: 1_000_000 };
/** While it reads from the outbox, it reads on when less than this waits. */
const ROOM = 2 * BATCH_LIMITS.events;

/** What of one outbox a consumer is still to be read, by `at`, both ends included. */
export type Range = { readonly from: Timestamp; readonly to: Timestamp };

type InFlight = {
  readonly entries: readonly Entry[];
  counts: Map<Segment, number>;
  sentAt: number;
  suspect: boolean;
};

/**
 * The way of events to one consumer, kept in memory by the leader.
 *
 * Live, it is fed by the change stream. When more gathers than it may hold, it is spilled: it drops what was not
 * sent, remembers the range of `at` that this and the stream from then on spans, and catches up from the outboxes;
 * so a slow or absent consumer costs the relay a bounded buffer and nobody else anything.
 */
export type Lane = {
  readonly consumer: string;
  readonly epoch: number;
  readonly progress: Progress;
  readonly inFlight: Map<string, InFlight>;
  readonly send: BatchSender['send'];
  buffer: Buffer;
  n: number;
  mode: 'live' | 'catching-up' | 'joining-stream';
  /** By database; what the stream brought while the lane was not live. */
  spilled: Map<string, Range>;
  /** Counts all that is on its way since the lane stopped being live. */
  catchUp: Segment | undefined;
  /** The last position that the lane knew when it was made: what the stream replays up to it is done. */
  readonly skipUpTo: Position;
  touchedAt: number;
};

export type LaneOptions = Pick<Lane, 'consumer' | 'epoch' | 'send'> & { readonly floor: Position };

export const openLane = ({ consumer, epoch, send, floor }: LaneOptions): Lane => ({
  consumer,
  epoch,
  send,
  progress: progressFrom(floor),
  inFlight: new Map(),
  buffer: emptyBuffer(),
  n: 0,
  mode: 'live',
  spilled: new Map(),
  catchUp: undefined,
  skipUpTo: floor,
  touchedAt: performance.now(),
});

/** Whether the stream has come no further than what this consumer has committed. */
export const isReplay = (lane: Lane, { token }: Position): boolean => !isBefore(lane.skipUpTo.token, token);

/** An event waits to be sent. */
export const add = (lane: Lane, entry: Entry): void => {
  entry.segment.open += 1;
  lane.touchedAt = performance.now();
  put(lane.buffer, entry);
};

export const hasRoom = (lane: Lane): boolean => lane.buffer.count < ROOM;

/** Stops being live: what was not sent is forgotten and noted, the floor stays where it is. */
export const spill = (lane: Lane): void => {
  for (const entries of lane.buffer.tenants.values()) for (const { event } of entries) note(lane, event);
  lane.buffer = emptyBuffer();
  stopBeingLive(lane);
};

/** From now on everything on its way counts against one segment, behind which the floor waits. */
const stopBeingLive = (lane: Lane): void => {
  const catchUp: Segment = { open: 0, end: undefined };
  for (const flight of lane.inFlight.values()) {
    catchUp.open += flight.entries.length;
    flight.counts = new Map([[catchUp, flight.entries.length]]);
  }
  lane.progress.segments.splice(0, Number.POSITIVE_INFINITY, catchUp);
  lane.catchUp = catchUp;
  lane.mode = 'catching-up';
};

/** The last stretch: the stream is buffered again while what it brought before is read. */
export const joinStream = (lane: Lane): void => {
  lane.mode = 'joining-stream';
};

/**
 * The last stretch came to nothing. What the stream brought in it is read with the rest: the floor is about to rise to
 * where the lane joins next, and must not pass over it.
 */
export const leaveStream = (lane: Lane): void => {
  if (lane.mode === 'joining-stream') spill(lane);
};

/** Live again: what was read ends where the stream stood when the lane joined it. */
export const becomeLive = (lane: Lane, joinedAt: Position): void => {
  if (lane.catchUp !== undefined) lane.catchUp.end = joinedAt;
  lane.catchUp = undefined;
  lane.mode = 'live';
  settle(lane.progress);
};

export const note = (lane: Lane, { database, at }: Pick<OutboxEvent, 'database' | 'at'>): void => {
  const known = lane.spilled.get(database) ?? { from: at, to: at };
  lane.spilled.set(database, { from: earlier(known.from, at), to: later(known.to, at) });
};

/**
 * Sends what may be sent: one batch at once, a second only when it is full. Bare events by themselves wait for a whole
 * one, behind which they would be no use to anybody sooner, or for `flush`.
 */
export const pump = async (lane: Lane, { flush = false } = {}): Promise<void> => {
  const sending: Promise<void>[] = [];
  while (
    lane.inFlight.size < LANES &&
    (isFull(lane.buffer) || (lane.inFlight.size === 0 && isDue(lane, flush)))
  ) {
    const entries = take(lane.buffer, BATCH_LIMITS);
    const counts = new Map<Segment, number>();
    for (const { segment } of entries) counts.set(segment, (counts.get(segment) ?? 0) + 1);
    sending.push(dispatch(lane, { entries, counts }, ({ text }) => text));
  }
  await Promise.all(sending);
};

/**
 * A batch that Redis lost goes again under a new id: an id is never used twice. Perhaps its consumer gave it back
 * because it could not read it, so now every text is looked at.
 */
export const resend = async (lane: Lane, id: string): Promise<void> => {
  const lost = lane.inFlight.get(id);
  if (lost === undefined) return;
  lane.inFlight.delete(id);
  await dispatch(lane, lost, ({ isBare, text, event }) => (isBare ? text : checkedText(event)));
};

/** @returns whether the acknowledgement was of a batch on its way. */
export const acknowledge = (lane: Lane, id: string): boolean => {
  const flight = lane.inFlight.get(id);
  if (flight === undefined) return false;
  lane.inFlight.delete(id);
  lane.touchedAt = performance.now();
  for (const [segment, count] of flight.counts) segment.open -= count;
  settle(lane.progress);
  return true;
};

/** The floor to persist: with nothing on its way a live lane is where the stream is. */
export const floorOf = (lane: Lane, stream: Position): Position => {
  const isIdle = lane.mode === 'live' && lane.progress.segments.length === 0 && !isReplay(lane, stream);
  return isIdle ? stream : lane.progress.floor;
};

type Parcel = Pick<InFlight, 'entries' | 'counts'>;

const dispatch = async (
  lane: Lane,
  { entries, counts }: Parcel,
  textOf: (entry: Entry) => string,
): Promise<void> => {
  lane.n += 1;
  const batch: OutgoingBatch = {
    v: BATCH_VERSION,
    epoch: lane.epoch,
    n: lane.n,
    events: entries.map(textOf),
  };
  const flight = { entries, counts, sentAt: Number.POSITIVE_INFINITY, suspect: false };
  lane.inFlight.set(batchId(batch), flight);
  // A batch that could not be sent is one that is found to be gone: it goes again.
  await lane.send(lane.consumer, batch).catch(() => undefined);
  flight.sentAt = performance.now();
};

const isDue = ({ buffer }: Lane, flush: boolean) => buffer.whole > 0 || (flush && buffer.count > 0);

const isFull = ({ count, bytes }: Buffer) => count >= BATCH_LIMITS.events || bytes >= BATCH_LIMITS.bytes;

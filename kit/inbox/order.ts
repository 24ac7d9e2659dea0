import type { Arrival } from './arrival.ts';

/** What is known of one stream: the last sequence that took effect, and whether later ones are held. */
export type Position = {
  readonly sequence: number;
  /** Some of its events wait behind a gap or behind a parked event. */
  readonly held: boolean;
  /** The next event failed for good: it and all behind it wait until someone redrives or discards it. */
  readonly parked: boolean;
};

/** A stream may hold any number of events; no more than this many are taken up at once. */
export const HELD_PAGE = 1_000;

export const UNKNOWN_STREAM: Position = { sequence: 0, held: false, parked: false };

/** Why an event cannot be handled. */
export type Failure = { readonly code: string; readonly reason: string; readonly attempts: number };

export type Stored = {
  /** How far the streams have come; unknown ones left out. */
  readonly positions: ReadonlyMap<string, Position>;
  /** What is held of them, the earliest of each stream first. */
  readonly held: ReadonlyMap<string, readonly Arrival[]>;
};

/** Events that are known to fail, by `eventName`: their streams park when they come up. */
export type Failures = ReadonlyMap<string, Failure>;

export const eventName = ({ stream, sequence }: Pick<Arrival, 'stream' | 'sequence'>) =>
  `${stream}#${sequence}`;

export type Ordered = {
  /** To take effect, in this order; per stream without a gap. */
  readonly accepted: readonly Arrival[];
  /** To be stored until what precedes them has arrived. */
  readonly toHold: readonly Arrival[];
  /** The events whose streams park, each the next of its stream; they are among those to hold. */
  readonly toPark: readonly Arrival[];
  /** Stored ones that need not be stored any longer. */
  readonly toRelease: readonly Arrival[];
  readonly positions: ReadonlyMap<string, Position>;
};

/**
 * Puts what arrived in order. Pure: the whole of exactly-once and of order per subject is decided here.
 *
 * An event at or below the stream's sequence is a duplicate and dropped; the next one is accepted, and after
 * it those that were held; one further on is held. An unknown stream starts at sequence 1 or at a mark;
 * a mark above the stream's sequence moves it there.
 */
export const putInOrder = (
  arrivals: readonly Arrival[],
  stored: Stored,
  failures: Failures = new Map(),
): Ordered => {
  const streams = new Map<string, Stream>();
  const order: Order = { accepted: [], toHold: [], toPark: [], toRelease: [], failures };
  for (const arrival of arrivals) {
    const stream = streams.get(arrival.stream) ?? openStream(arrival.stream, stored);
    streams.set(arrival.stream, stream);
    place(stream, arrival, order);
  }
  const { accepted, toHold, toPark, toRelease } = order;
  const stillHeld = toHold.filter((one) => streams.get(one.stream)?.waiting.has(one.sequence));
  return { accepted, toHold: stillHeld, toPark, toRelease, positions: positionsOf(streams) };
};

type Order = {
  readonly accepted: Arrival[];
  readonly toHold: Arrival[];
  readonly toPark: Arrival[];
  readonly toRelease: Arrival[];
  readonly failures: Failures;
};

type Stream = {
  sequence: number;
  parked: boolean;
  readonly waiting: Map<number, Arrival>;
  readonly stored: ReadonlySet<number>;
};

const openStream = (name: string, stored: Stored): Stream => {
  const { sequence, parked } = stored.positions.get(name) ?? UNKNOWN_STREAM;
  const waiting = new Map((stored.held.get(name) ?? []).map((one) => [one.sequence, one]));
  return { sequence, parked, waiting, stored: new Set(waiting.keys()) };
};

const positionsOf = (streams: ReadonlyMap<string, Stream>): Map<string, Position> => {
  const position = ({ sequence, parked, waiting, stored }: Stream) => {
    return { sequence, parked, held: waiting.size > 0 || stored.size >= HELD_PAGE };
  };
  return new Map([...streams].map(([name, stream]) => [name, position(stream)]));
};

/** Accepts, holds, parks or drops one arrival. */
const place = (stream: Stream, arrival: Arrival, order: Order): void => {
  if (arrival.sequence <= stream.sequence) return;
  const isNext = arrival.mark !== undefined || arrival.sequence === stream.sequence + 1;
  if (isNext && !stream.parked && !order.failures.has(eventName(arrival))) {
    accept(stream, arrival, order);
    releaseHeld(stream, order);
    return;
  }
  if (isNext && !stream.parked) park(stream, arrival, order);
  // A mark that meets a parked stream is dropped: only a person may skip the event that failed.
  const isIdleMark = arrival.mark !== undefined && !order.toPark.includes(arrival);
  if (isIdleMark || stream.waiting.has(arrival.sequence)) return;
  stream.waiting.set(arrival.sequence, arrival);
  order.toHold.push(arrival);
};

const accept = (stream: Stream, arrival: Arrival, order: Order): void => {
  stream.sequence = arrival.sequence;
  order.accepted.push(arrival);
};

const park = (stream: Stream, arrival: Arrival, order: Order): void => {
  stream.parked = true;
  order.toPark.push(arrival);
};

/** Takes up what waited for the stream's new sequence, as far as it goes without a gap. */
const releaseHeld = (stream: Stream, order: Order): void => {
  for (const [sequence, waiting] of [...stream.waiting].sort(([a], [b]) => a - b)) {
    if (sequence > stream.sequence + 1) return;
    const isNext = sequence === stream.sequence + 1;
    if (isNext && order.failures.has(eventName(waiting))) {
      park(stream, waiting, order);
      return;
    }
    stream.waiting.delete(sequence);
    if (stream.stored.has(sequence)) order.toRelease.push(waiting);
    if (isNext) accept(stream, waiting, order);
  }
};

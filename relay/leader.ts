import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { type ContextMap, consumerName, type MappedContext } from '../kit/context-map/context-map.ts';
import { type Recipient, type Routable, routesOf } from '../kit/context-map/routes.ts';
import { type Acknowledgement, type BatchSender, batchId } from '../kit/queue/queue.ts';
import type { Entry } from './buffer.ts';
import { catchUp } from './catch-up.ts';
import type { StreamReply } from './change-stream.ts';
import { type Join, joinsOf } from './joins.ts';
import { acknowledge, add, isReplay, type Lane, leaveStream, note, openLane, pump, spill } from './lane.ts';
import { bareText, type OutboxEvent } from './outbox-event.ts';
import { LATE_COMMIT_SECONDS, type Position, secondsBefore } from './position.ts';
import { openSegment, type Segment } from './progress.ts';
import type { Watermark } from './watermarks.ts';

/**
 * What waits for all consumers together, in memory, in UTF-16 units. More costs more in garbage collection than
 * reading it again costs.
 */
const BUFFERED_BYTES = 8_000_000;

/** A consumer as the leader serves it. */
export type Consumer = {
  readonly lane: Lane;
  context: MappedContext;
  joins: readonly Join[];
  readonly joined: Set<string>;
  readonly joining: Set<string>;
  /** Under way while the lane is not live. */
  catchingUp: Promise<void> | undefined;
  /** Under way while joins are brought forward. */
  advancing: Promise<void> | undefined;
};

/** All that one term of leadership knows. It starts from the watermarks and is thrown away at the end. */
export type Leader = {
  readonly client: MongoClient;
  readonly relayDb: Db;
  readonly sender: BatchSender;
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly consumers: Map<string, Consumer>;
  map: ContextMap;
  routes: (event: Routable) => readonly Recipient[];
  /** All of the stream before this was offered to the lanes. */
  position: Position;
};

/** Takes a map into force: new consumers get a lane from here on, those that it no longer has are dropped. */
export const applyMap = async (
  leader: Leader,
  map: ContextMap,
  watermarks: ReadonlyMap<string, Watermark>,
): Promise<readonly string[]> => {
  const mapped = new Map(
    map.contexts
      .filter(({ upstreams }) => upstreams.length > 0)
      .map((context) => [consumerName(context), context]),
  );
  const gone = [...leader.consumers.keys()].filter((name) => !mapped.has(name));
  for (const name of gone) leader.consumers.delete(name);
  for (const [name, context] of mapped) {
    const consumer = leader.consumers.get(name) ?? newConsumer(leader, context, watermarks.get(name));
    consumer.context = context;
    consumer.joins = joinsOf(map, context);
    for (const join of consumer.joins) if (!consumer.joined.has(join.name)) consumer.joining.add(join.name);
    leader.consumers.set(name, consumer);
  }
  leader.map = map;
  leader.routes = routesOf(map);
  await leader.sender.follow([...leader.consumers.keys()]);
  return gone;
};

const newConsumer = (leader: Leader, context: MappedContext, watermark: Watermark | undefined): Consumer => {
  const { epoch, sender } = leader;
  const floor = watermark ?? leader.position;
  const consumer = consumerName(context);
  return {
    lane: openLane({ consumer, epoch, send: sender.send, floor: { token: floor.token, at: floor.at } }),
    context,
    joins: [],
    joined: new Set(watermark?.joined),
    joining: new Set(watermark?.joining),
    catchingUp: undefined,
    advancing: undefined,
  };
};

/** Gives a reply of the stream to the lanes it is for. For one that catches up it is only noted where to find it. */
export const distribute = (leader: Leader, reply: StreamReply): void => {
  const touched = new Map<Lane, Segment>();
  const give = (event: OutboxEvent, recipient: Recipient): void => {
    const lane = leader.consumers.get(recipient.consumer)?.lane;
    if (lane === undefined || isReplay(lane, reply.position)) return;
    if (lane.mode === 'catching-up') {
      note(lane, event);
      return;
    }
    const segment = touched.get(lane) ?? openSegment(lane.progress, leader.position);
    touched.set(lane, segment);
    add(lane, entryOf(event, recipient, segment));
  };
  for (const document of reply.unroutable) {
    leader.logger.error({ document }, 'a document in an outbox is no event: it reaches nobody');
  }
  for (const event of reply.events) {
    for (const recipient of leader.routes(event)) give(event, recipient);
  }
  leader.position = reply.position;
  for (const [lane, segment] of touched) {
    segment.end = reply.position;
    void pump(lane);
  }
  spillLargest(leader);
  resumeCatchUps(leader);
};

/** Whoever waits for most is read from the outbox again when it has room: none is slowed by another. */
const spillLargest = ({ consumers, logger }: Leader): void => {
  const lanes = [...consumers.values()].map(({ lane }) => lane).filter(({ mode }) => mode !== 'catching-up');
  const bytes = lanes.reduce((sum, { buffer }) => sum + buffer.bytes, 0);
  if (bytes <= BUFFERED_BYTES) return;
  const largest = lanes.reduce((a, b) => (a.buffer.bytes > b.buffer.bytes ? a : b));
  logger.info(
    { consumer: largest.consumer, events: largest.buffer.count },
    'a slow consumer is read for later',
  );
  spill(largest);
};

/** Lanes that are not live and whose catching up has not begun, or was interrupted, begin. */
export const resumeCatchUps = (leader: Leader): void => {
  for (const consumer of leader.consumers.values()) {
    if (consumer.lane.mode !== 'live') startCatchUp(leader, consumer);
  }
};

const entryOf = (event: OutboxEvent, { bare }: Recipient, segment: Segment): Entry => ({
  event,
  text: bare ? bareText(event) : event.event,
  isBare: bare,
  segment,
});

/** Reads the outboxes for a lane that is not live, again and again until it is. */
export const startCatchUp = (leader: Leader, consumer: Consumer): void => {
  if (consumer.catchingUp !== undefined) return;
  const { lane } = consumer;
  const deliver = (event: OutboxEvent): boolean => {
    const recipient = leader.routes(event).find((one) => one.consumer === lane.consumer);
    if (recipient === undefined || lane.catchUp === undefined) return false;
    add(lane, entryOf(event, recipient, lane.catchUp));
    return true;
  };
  const { client, signal, logger } = leader;
  leader.logger.info({ consumer: lane.consumer }, 'catching up');
  consumer.catchingUp = catchUp(lane, { client, signal, deliver, stream: () => leader.position })
    .catch((error: unknown) => {
      if (!signal.aborted) logger.warn({ consumer: lane.consumer, error }, 'catching up was interrupted');
      leaveStream(lane);
    })
    .finally(() => {
      consumer.catchingUp = undefined;
    });
};

/**
 * The stream could not resume: lanes read from the outboxes what they may have missed. A consumer that is new
 * in this position missed nothing: it starts here, and marks tell it where.
 */
export const catchUpAll = (leader: Leader): void => {
  for (const consumer of leader.consumers.values()) {
    const { floor } = consumer.lane.progress;
    if (floor.token._data !== leader.position.token._data) catchUpFrom(leader, consumer);
  }
};

/** Reads the outboxes of a consumer's upstreams from its watermark, less the longest transaction. */
export const catchUpFrom = (leader: Leader, consumer: Consumer): void => {
  const { lane } = consumer;
  if (lane.mode === 'live') spill(lane);
  const from = secondsBefore(lane.progress.floor.at, LATE_COMMIT_SECONDS);
  for (const { database } of leader.map.contexts) {
    note(lane, { database, at: from });
    note(lane, { database, at: secondsBefore(leader.position.at, -1) });
  }
  startCatchUp(leader, consumer);
};

export const onAcknowledged = (leader: Leader, ack: Acknowledgement): void => {
  const lane = leader.consumers.get(ack.consumer)?.lane;
  if (lane !== undefined && acknowledge(lane, batchId(ack))) void pump(lane);
};

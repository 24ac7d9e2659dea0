import type { Db, MongoClient } from 'mongodb';
import { transact } from '../aggregate/transaction.ts';
import {
  afterCommit,
  beginWork,
  record,
  statesOf,
  type UnitOfWork,
  writeWork,
} from '../aggregate/unit-of-work.ts';
import type { CloudEvent } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import type { Arrival } from './arrival.ts';
import { readHeld, readPositions, writeInbox } from './documents.ts';
import { ContractMismatch, ReactionFailed, UnreadableText } from './errors.ts';
import { type HandlerSpans, handlerSpans } from './handler-spans.ts';
import { eventName, type Failures, HELD_PAGE, type Ordered, putInOrder, type Stored } from './order.ts';
import type { Reaction, ReceivedEvent } from './reaction.ts';

export type InboxContext = {
  readonly client: MongoClient;
  readonly db: Db;
  readonly language: PublishedLanguage;
  /** By event type on the wire. */
  readonly reactions: ReadonlyMap<string, readonly Reaction[]>;
};

export type Handling = {
  readonly arrivals: readonly Arrival[];
  readonly failures: Failures;
  /** The id under which a batch is recorded for `trace`; undefined when it was not a batch. */
  readonly batch?: string;
  /** Streams that a person lets go on, although they are parked. */
  readonly unpark?: ReadonlySet<string>;
  /** Events, by `eventName`, that count as handled without having any effect. */
  readonly discard?: ReadonlySet<string>;
};

type Handled = {
  /** Streams of which more is held than was taken up at once. */
  readonly unfinished: readonly string[];
};

/**
 * Handles events in one transaction: effects, outgoing events, positions of streams, held events.
 *
 * @throws ReactionFailed that names the event; ConcurrencyConflict; what MongoDB throws. Nothing was written.
 */
export const handleArrivals = async (context: InboxContext, handling: Handling): Promise<Handled> => {
  const { client, db } = context;
  const streams = [...new Set(handling.arrivals.map(({ stream }) => stream))];
  const before = await readPositions(db, streams);
  const held = await readHeld(db, before);
  const ordered = putInOrder(
    handling.arrivals,
    unparked({ positions: before, held }, handling),
    handling.failures,
  );
  if (ordered.accepted.length + ordered.toHold.length + ordered.toPark.length === 0)
    return { unfinished: [] };
  const spans = handlerSpans();
  try {
    const work = await react(context, ordered, { ...handling, spans });
    await transact(client, async (session) => {
      await writeWork(db, work, session);
      await writeInbox(db, { batch: handling.batch, before, ordered, failures: handling.failures }, session);
    });
    spans.endAll();
    await afterCommit(db, work);
  } finally {
    spans.endAll('not committed');
  }
  return { unfinished: unfinished(held, ordered) };
};

type Reacting = Handling & { readonly spans: HandlerSpans };

const react = async (context: InboxContext, ordered: Ordered, handling: Reacting): Promise<UnitOfWork> => {
  const tasks = ordered.accepted.flatMap((arrival) => tasksOf(context, arrival, handling));
  const work = await beginWork(
    context.db,
    tasks.map(({ event, keys }) => ({ tenant: event.tenant, keys })),
  );
  const published = { language: context.language, time: new Date().toISOString() };
  for (const { arrival, reaction, event, keys, cause } of tasks) {
    const { tenant } = event;
    attempt(arrival, () => {
      const events = reaction.on(event, statesOf(work, tenant, keys));
      record(work, { tenant, keys, events, cause }, published);
    });
  }
  return work;
};

/** One per reaction; they commit together, since they are of one arrival. */
const tasksOf = (context: InboxContext, arrival: Arrival, { discard, spans }: Reacting) => {
  const { event: cloudEvent, unreadable } = arrival;
  if (discard?.has(eventName(arrival))) return [];
  if (unreadable !== undefined) throw new ReactionFailed(arrival, new UnreadableText(unreadable));
  const reactions = context.reactions.get(cloudEvent?.type ?? '');
  if (cloudEvent === undefined || reactions === undefined) return [];
  const cause = causeOf(cloudEvent, spans.open(cloudEvent));
  return attempt(arrival, () =>
    reactions.map((reaction) => {
      const event = receivedEvent(cloudEvent, reaction);
      return { arrival, reaction, event, keys: reaction.keys(event), cause };
    }),
  );
};

const receivedEvent = (event: CloudEvent, reaction: Reaction): ReceivedEvent => {
  const parsed = reaction.to.schema.safeParse(event.data);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'data'}: ${message}`);
    throw new ContractMismatch(`${event.type} does not match what is read of it: ${faults.join('; ')}`);
  }
  const { id, tenant, subject, sequence, time } = event;
  return { id, tenant, subject, sequence: Number(sequence), time, data: parsed.data };
};

const causeOf = ({ id, correlationid }: CloudEvent, traceparent: string | undefined) => ({
  ...(traceparent !== undefined && { traceparent }),
  correlationid: correlationid ?? id,
  causationid: id,
});

const attempt = <T>(arrival: Arrival, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw new ReactionFailed(arrival, error);
  }
};

const unparked = (stored: Stored, { unpark }: Handling): Stored => {
  if (unpark === undefined) return stored;
  const positions = [...stored.positions].map(
    ([stream, position]) => [stream, unpark.has(stream) ? { ...position, parked: false } : position] as const,
  );
  return { ...stored, positions: new Map(positions) };
};

const unfinished = (held: ReadonlyMap<string, readonly Arrival[]>, { positions }: Ordered): string[] =>
  [...held]
    .filter(([name, page]) => page.length === HELD_PAGE && !positions.get(name)?.parked)
    .map(([name]) => name);

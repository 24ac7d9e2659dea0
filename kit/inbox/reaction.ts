import { z } from 'zod';
import type { EventsOf, Keys, StatesOf } from '../aggregate/aggregate.ts';
import type { EventType } from '../event/published-language.ts';

/** An event of another context as a reaction sees it: data parsed by the part that it declared to read. */
export type ReceivedEvent<Data = unknown> = {
  readonly id: string;
  readonly tenant: string;
  readonly subject: string;
  readonly sequence: number;
  /** RFC 3339, from the producer's clock. */
  readonly time: string;
  readonly data: Data;
};

/**
 * What a context does about one event type of another: which documents it reads and, purely, which events
 * follow for each of them. The inbox reads, evolves and commits whole batches of these at once.
 *
 * A context may have several to one type. They run in the order in which it names them, each on the states that the
 * one before left, and take effect together or not at all.
 */
export type Reaction = {
  readonly to: EventType;
  keys(event: ReceivedEvent): Keys;
  on(event: ReceivedEvent, states: StatesOf<Keys>): EventsOf<Keys>;
};

type TypedReaction<Data, K extends Keys> = {
  readonly keys: (event: ReceivedEvent<Data>) => K;
  readonly on: (event: ReceivedEvent<Data>, states: StatesOf<K>) => EventsOf<K>;
};

/**
 * Declares a reaction with its types. `on` throws a DomainError or anything else to fail: the event is
 * parked with the reason and its subject waits for an operator.
 */
export const reaction = <Schema extends z.ZodType, K extends Keys>(
  to: EventType<string, Schema>,
  typed: TypedReaction<z.output<Schema>, K>,
): Reaction => ({ to, ...typed }) as unknown as Reaction;

/** By event type on the wire, in the order in which they were declared. */
export const reactionsByType = (reactions: readonly Reaction[]): ReadonlyMap<string, readonly Reaction[]> =>
  Map.groupBy(reactions, ({ to }) => to.type);

/** The event types of another context that reactions are about: each once, with all that is read of it. */
export const consumedTypes = (reactions: readonly Reaction[], context: string): EventType[] =>
  reactionsByType(reactions.filter(({ to }) => to.context === context))
    .values()
    .map((some) => some.map(({ to }) => to).reduce(readByBoth))
    .toArray();

const readByBoth = (one: EventType, other: EventType): EventType => ({
  ...one,
  schema: z.intersection(one.schema, other.schema),
});

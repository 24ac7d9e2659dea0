import type { DomainEvent, EventsOf, Key, Keys, StatesOf } from '../aggregate/aggregate.ts';
import type { Reaction, ReceivedEvent } from '../inbox/reaction.ts';
import { publishedAs } from '../outbox/outbox.ts';
import type { BoundedContext } from './context.ts';

/** A published event, as far as rules can tell: without envelope, tenant and trace. */
export type Told = { readonly type: string; readonly subject: string; readonly data: unknown };

type Call<K extends Keys> = {
  readonly keys: K;
  readonly decide: (states: StatesOf<K>) => EventsOf<K>;
};

/**
 * A context of one tenant in memory, for specs that run its rules in many orders: commands and events in,
 * published events out. Storage, relay and inbox are left out, and each call counts as one transaction.
 */
export interface Simulated {
  /** @throws what `decide` throws; nothing has changed then. */
  execute<K extends Keys>(call: Call<K>): Told[];
  /** Nothing happens about an event type that the context does not consume. */
  receive(event: Told): Told[];
  stateOf<State, Event extends DomainEvent>(key: Key<State, Event>): State;
}

const TIME = '2026-01-01T00:00:00.000Z';

export const simulate = (context: BoundedContext): Simulated => {
  const states = new Map<string, unknown>();
  const stateOf = (key: Key) => states.get(nameOf(key)) ?? key.aggregate.initialState();

  const evolve = (key: Key, event: DomainEvent): Told[] => {
    states.set(nameOf(key), key.aggregate.evolve(stateOf(key), event));
    const published = publishedAs(context.publishes, event);
    return published ? [told(published.type, `${key.aggregate.kind}/${key.id}`, event.data)] : [];
  };

  const execute = <K extends Keys>({ keys, decide }: Call<K>): Told[] => {
    const read = Object.entries(keys).map(([name, key]) => [
      name,
      isList(key) ? key.map(stateOf) : stateOf(key),
    ]);
    const events = decide(Object.fromEntries(read) as StatesOf<K>);
    return Object.entries(keys).flatMap(([name, key]) =>
      perKey(key, events[name]).flatMap(([one, decided]) => decided.flatMap((event) => evolve(one, event))),
    );
  };

  const receive = (event: Told): Told[] => {
    const before = [...states];
    try {
      return context.reactions
        .filter(({ to }) => to.type === event.type)
        .flatMap((reaction) => {
          const received = receivedAs(reaction, event);
          return execute({ keys: reaction.keys(received), decide: (read) => reaction.on(received, read) });
        });
    } catch (error) {
      states.clear();
      for (const [name, state] of before) states.set(name, state);
      throw error;
    }
  };

  return { execute, receive, stateOf: stateOf as Simulated['stateOf'] };
};

/** As it would come out of JSON, so that no spec leans on shared objects or on `undefined`. */
const told = (type: string, subject: string, data: unknown): Told => ({
  type,
  subject,
  data: JSON.parse(JSON.stringify(data)),
});

const receivedAs = (reaction: Reaction, { subject, data }: Told): ReceivedEvent => ({
  id: 'simulated',
  tenant: 'simulated',
  subject,
  sequence: 1,
  time: TIME,
  data: reaction.to.schema.parse(data),
});

const perKey = (key: Key | readonly Key[], decided: unknown): [Key, readonly DomainEvent[]][] => {
  if (!isList(key)) return [[key, (decided ?? []) as DomainEvent[]]];
  return key.map((one, index) => [one, (decided as DomainEvent[][] | undefined)?.[index] ?? []]);
};

const isList = (key: Key | readonly Key[]): key is readonly Key[] => Array.isArray(key);
const nameOf = (key: Key) => `${key.aggregate.collection}/${key.id}`;

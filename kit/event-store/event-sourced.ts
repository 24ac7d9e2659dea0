import { type Aggregate, aggregate, type DomainEvent } from '../aggregate/aggregate.ts';

/** An event as a release before this one wrote it: its type and data, of any shape. */
export type StoredEvent = { readonly type: string; readonly data: unknown };

/** A document that always says what the newest state says: it is written in the transaction of the events. */
export type InlineProjection<State> = {
  readonly collection: string;
  /** 1 when absent; counted up when `of` says something else, so that all documents are written anew. */
  readonly version?: number;
  readonly indexes?: readonly Record<string, 1 | -1>[];
  /** Fields of the document, beside `_id` (`<tenant>/<id>`), `tenant`, `id`, `version`; undefined for no document. */
  readonly of: (state: State) => Readonly<Record<string, unknown>> | undefined;
};

type Options<State> = {
  /** How many events may follow a snapshot before another one is taken; 200 when absent. */
  readonly snapshotEvery?: number;
  /** Snapshots of another version than this, 1 when absent, are not read; count it up when the state's shape changes. */
  readonly stateVersion?: number;
  /** Brings an event that an older release stored into today's shape; absent when nothing ever changed. */
  readonly upcast?: (event: StoredEvent) => StoredEvent;
  readonly inline?: InlineProjection<State>;
};

export type EventSourced<State, Event extends DomainEvent> = Omit<
  Aggregate<State, Event>,
  'collection' | 'indexes'
> &
  Options<State>;

/** How an aggregate is stored by its events, where its types do not matter. */
export type EventSourcing = Omit<Options<unknown>, 'inline'> & {
  readonly inline?: Omit<InlineProjection<unknown>, 'of'> & {
    of(state: unknown): Readonly<Record<string, unknown>> | undefined;
  };
};

/** An aggregate of which the events are stored, and the state follows from them. */
export const eventSourced = <State, Event extends DomainEvent>(definition: EventSourced<State, Event>) => {
  const { snapshotEvery, stateVersion, upcast, inline, ...rules } = definition;
  const given = Object.entries({ snapshotEvery, stateVersion, upcast, inline });
  const eventSourcing = Object.fromEntries(given.filter(([, option]) => option !== undefined));
  const stored = {
    ...rules,
    collection: `${definition.kind}s`,
    eventSourcing: eventSourcing as EventSourcing,
  };
  return aggregate<State, Event>(stored);
};

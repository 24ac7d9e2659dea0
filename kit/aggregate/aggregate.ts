import type { EventSourcing } from '../event-store/event-sourced.ts';

/**
 * An aggregate: one per tenant and id, changed only by its own events. It is stored as one document, or, when it
 * was made by `eventSourced`, by its events. Everything here is pure; `unit-of-work.ts` reads and writes.
 */
export type DomainEvent = { readonly type: string; readonly data: unknown };

export type Aggregate<State, Event extends DomainEvent> = {
  /** Its subject kind on the wire: `order`. */
  readonly kind: string;
  /** The collection that holds its documents: `orders`. */
  readonly collection: string;
  readonly initialState: () => State;
  /** Never throws and never mutates: events are facts. */
  readonly evolve: (state: State, event: Event) => State;
  /** The event that tells a joining consumer the whole state; undefined while there is nothing to tell. */
  readonly snapshot?: (state: State) => Event | undefined;
  /** Indexes on `state.…` that the context's queries need, each led by the tenant. */
  readonly indexes?: readonly Record<string, 1 | -1>[];
};

/** Any aggregate, where its types do not matter. Methods are bivariant, so every aggregate fits. */
export type AnyAggregate = {
  readonly kind: string;
  readonly collection: string;
  initialState(): unknown;
  evolve(state: unknown, event: DomainEvent): unknown;
  snapshot?(state: unknown): DomainEvent | undefined;
  readonly indexes?: readonly Record<string, 1 | -1>[];
  /** How it is stored by its events; absent when its state is stored. */
  readonly eventSourcing?: EventSourcing;
};

declare const typesOf: unique symbol;

/** Names one aggregate's document within a tenant. */
export type Key<State = unknown, Event extends DomainEvent = DomainEvent> = {
  readonly aggregate: AnyAggregate;
  readonly id: string;
  /** Its id was made just now: there is nothing to read. */
  readonly isNew?: boolean;
  /** Of another tenant than the one that asks: for contexts of the platform alone. */
  readonly tenant?: string;
  /** Never there at run time: it lets `StatesOf` and `EventsOf` follow the types. */
  readonly [typesOf]?: { state: State; event: Event };
};

/** What a command or a reaction reads, by the names that it gives: one document or a list of different ones. */
export type Keys = Record<string, Key | readonly Key[]>;

type StateOf<K> = K extends { readonly [typesOf]?: { state: infer State } } ? State : never;
type EventIn<K> = K extends { readonly [typesOf]?: { event: infer Event } } ? Event : never;

/** The states of the documents that the keys name, in the same shape. */
export type StatesOf<K extends Keys> = {
  readonly [Name in keyof K]: K[Name] extends readonly (infer One)[] ? StateOf<One>[] : StateOf<K[Name]>;
};

/** The events that were decided for each of those documents, in the same shape; what is left out has none. */
export type EventsOf<K extends Keys> = {
  readonly [Name in keyof K]?: K[Name] extends readonly (infer One)[]
    ? readonly (readonly EventIn<One>[])[]
    : readonly EventIn<K[Name]>[];
};

/** Adds the key factories, typed by the aggregate: `order.key(orderId)`, or `newKey` where the id was made just now. */
export const aggregate = <State, Event extends DomainEvent>(definition: Aggregate<State, Event>) => ({
  ...definition,
  key: (id: string): Key<State, Event> => ({ aggregate: definition as unknown as AnyAggregate, id }),
  newKey: (id: string): Key<State, Event> => ({
    aggregate: definition as unknown as AnyAggregate,
    id,
    isNew: true,
  }),
  /** A document of another tenant than the one that asks; a context of the platform has what belongs to all there. */
  keyIn: (tenant: string, id: string): Key<State, Event> => ({
    aggregate: definition as unknown as AnyAggregate,
    id,
    tenant,
  }),
});

/** What is stored of an aggregate. `sequence` counts its published events, `version` all of them. */
export type AggregateDocument<State = unknown> = {
  /** `<tenant>/<id>` */
  _id: string;
  tenant: string;
  id: string;
  sequence: number;
  version: number;
  state: State;
};

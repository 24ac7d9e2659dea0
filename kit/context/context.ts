import type { AnyAggregate } from '../aggregate/aggregate.ts';
import type { StartMode } from '../event/cloud-event.ts';
import type { PublishedLanguage } from '../event/published-language.ts';
import type { Reaction } from '../inbox/reaction.ts';
import type { Route } from '../rest/route.ts';

/** How a context stands to one upstream (DDD's context map). */
export type Relation =
  | 'CustomerSupplier'
  | 'Conformist'
  | 'AnticorruptionLayer'
  | 'Partnership'
  | 'OpenHostService';

export type Upstream = {
  readonly context: string;
  readonly relation: Relation;
  /** Whether it is read by events alone, as when absent, or its API is called as well. */
  readonly via?: 'events' | 'rest';
  /** Where this context starts on the subjects that exist when it joins. */
  readonly start: StartMode;
  /** How old, as an ISO 8601 duration, what it knows of the upstream may be: `PT5S`. */
  readonly staleness: string;
};

/** A bounded context: the table of contents that its `context.ts` is. */
export type BoundedContext = {
  readonly name: string;
  readonly version: string;
  /** Once for the landscape, or, when absent, once per cell. */
  readonly scope?: 'Platform';
  readonly publishes: PublishedLanguage;
  readonly upstreams: readonly Upstream[];
  readonly aggregates: readonly AnyAggregate[];
  readonly api: readonly Route[];
  readonly reactions: readonly Reaction[];
  /** Code of a DomainError → HTTP status, as in the context's `errors.ts`. */
  readonly refusals?: Readonly<Record<string, number>>;
};

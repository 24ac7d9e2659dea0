import type { BoundedContext, BoundedContextSpec } from '../api/bounded-context.ts';
import type { Fault } from '../api/fault.ts';
import { judge, type Mapped } from '../context-map/judge.ts';
import { platformContext } from '../events/as-resource.ts';
import { supersededBy } from './superseded.ts';

/** All bounded contexts: whether one can be released depends on each. */
export type Landscape = readonly BoundedContext[];

/** What is to run of a context, and why that is not its spec. */
export type Release = {
  /** The first is the one that its conditions name. */
  readonly faults: readonly Fault[];
  /** Undefined when no version has fitted yet. */
  readonly released: BoundedContextSpec | undefined;
  /** The partners that must be released in the same breath. */
  readonly together: readonly string[];
};

/** A spec that fits the map is released. One that does not leaves what was released before, for as long as it takes. */
export const releaseOf = (context: BoundedContext, landscape: Landscape): Release => {
  const verdict = judge(context.metadata.name, withPlatform(context, landscape).map(mapped));
  return { ...verdict, released: verdict.faults.length === 0 ? context.spec : context.status?.released };
};

/** The operator is a context among them. Whoever else takes its name is judged for that, and concerns nobody. */
const withPlatform = (context: BoundedContext, landscape: Landscape): Landscape => {
  const isOther = ({ metadata: { name } }: BoundedContext) =>
    name !== platformContext.metadata.name || name === context.metadata.name;
  return [...landscape.filter(isOther), platformContext];
};

const mapped = ({ metadata, spec, status }: BoundedContext): Mapped => ({
  name: metadata.name,
  spec,
  released: status?.released,
  superseded: status?.superseded,
});

/** Released a moment ago: what was released before runs on for a while. */
export const withReleased = (context: BoundedContext, released: BoundedContextSpec): BoundedContext => ({
  ...context,
  status: {
    conditions: [],
    ...context.status,
    released,
    superseded: supersededBy(released, context),
  },
});

import type { BoundedContext } from '../../operator/api/bounded-context.ts';

/** One arrow of the map: events go from the upstream to the downstream. A partnership of two is one arrow. */
export type Arrow = {
  readonly upstream: string;
  readonly downstream: string;
  readonly relation: BoundedContext['spec']['upstreams'][number]['relation'];
  readonly via: 'events' | 'rest';
  /** Event types that are read, in either direction for a partnership. */
  readonly reads: readonly string[];
  /** A partnership that the other side does not declare. */
  readonly isOneSided: boolean;
};

export const arrowsOf = (contexts: readonly BoundedContext[]): Arrow[] =>
  contexts.flatMap(({ metadata: { name }, spec }) =>
    spec.upstreams.flatMap(({ context, relation, via, consumes }): Arrow[] => {
      const answer = relation === 'Partnership' ? partnershipWith(contexts, context, name) : undefined;
      // Both partners declare it; it is drawn once, where its first name stands.
      if (answer !== undefined && context < name) return [];
      const reads = [...consumes, ...(answer?.consumes ?? [])].map(({ type }) => type);
      const isOneSided = relation === 'Partnership' && answer === undefined;
      return [{ upstream: context, downstream: name, relation, via, reads, isOneSided }];
    }),
  );

const partnershipWith = (contexts: readonly BoundedContext[], name: string, partner: string) =>
  contexts
    .find(({ metadata }) => metadata.name === name)
    ?.spec.upstreams.find(({ context, relation }) => context === partner && relation === 'Partnership');

/** Upstreams that no context is. */
export const missingContexts = (contexts: readonly BoundedContext[]): string[] => {
  const known = new Set(contexts.map(({ metadata }) => metadata.name));
  return [...new Set(arrowsOf(contexts).map(({ upstream }) => upstream))].filter((name) => !known.has(name));
};

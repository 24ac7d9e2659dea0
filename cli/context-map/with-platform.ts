import type { BoundedContext } from '../../operator/api/bounded-context.ts';
import { platformContext } from '../../operator/events/as-resource.ts';

/** The operator is on the map where a context reads its events, or it reads theirs. */
export const withPlatform = (contexts: readonly BoundedContext[]): readonly BoundedContext[] => {
  const { name } = platformContext.metadata;
  const names = new Set(contexts.map(({ metadata }) => metadata.name));
  const upstreams = platformContext.spec.upstreams.filter(({ context }) => names.has(context));
  const isRead = contexts.some(({ spec }) => spec.upstreams.some(({ context }) => context === name));
  return names.has(name) || !(isRead || upstreams.length > 0)
    ? contexts
    : [...contexts, { ...platformContext, spec: { ...platformContext.spec, upstreams } }];
};

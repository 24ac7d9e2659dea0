import type { BoundedContext } from '../../kit/context/context.ts';
import type { ContextMap } from '../../kit/context-map/context-map.ts';

/** The map of one cell that runs these contexts for every tenant. */
export const mapOf = (contexts: readonly BoundedContext[], cell: string): ContextMap => ({
  contexts: contexts.map(({ name, upstreams, reactions }) => ({
    cell,
    name,
    database: `${cell}-${name}`,
    scope: 'Tenant',
    upstreams: upstreams.map(({ context, start }) => ({
      context,
      start,
      consumes: reactions
        .filter(({ to }) => to.context === context)
        .map(({ to: { type, kind } }) => ({ type, kind })),
    })),
  })),
  tenants: [{ id: '*', cell, contexts: contexts.map(({ name }) => name) }],
});

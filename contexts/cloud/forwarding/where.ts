import type { ContextMap } from '../../../kit/context-map/context-map.ts';
import { lookupsIn } from '../../../kit/context-map/lookups.ts';

/** Where a tenant's context is. `undefined`: it has none of that name. `url` is absent where it cannot be called yet. */
export type Place = { readonly url?: string | undefined };

/** A context of the platform serves everyone; another one those whose plan has it, in their cell. */
export const placeOf = (map: ContextMap, tenant: string, context: string): Place | undefined => {
  const lookups = lookupsIn(map);
  const lives = lookups.tenant(tenant);
  const found = lookups.contextsFor(lives?.cell).find(({ name }) => name === context);
  if (found === undefined) return undefined;
  const isTheirs = found.scope === 'Platform' || lives?.contexts.includes(context);
  return isTheirs ? { url: found.url } : undefined;
};

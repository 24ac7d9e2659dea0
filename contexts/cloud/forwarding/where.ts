import type { ContextMap } from '../../../kit/context-map/context-map.ts';
import { lookupsIn } from '../../../kit/context-map/lookups.ts';

/** Where a tenant's context is. `undefined`: it has none of that name. `origin` is absent where it cannot be called yet. */
export type Place = {
  /** `http://ordering.acme:8080` */
  readonly origin?: string;
  /** What goes before each path; mostly nothing. */
  readonly base: string;
};

/** A context of the platform serves everyone; another one those whose plan has it, in their cell. */
export const placeOf = (map: ContextMap, tenant: string, context: string): Place | undefined => {
  const lookups = lookupsIn(map);
  const lives = lookups.tenant(tenant);
  const found = lookups.contextsFor(lives?.cell).find(({ name }) => name === context);
  if (found === undefined) return undefined;
  const isTheirs = found.scope === 'Platform' || lives?.contexts.includes(context);
  return isTheirs ? placeAt(found) : undefined;
};

type Mapped = ContextMap['contexts'][number];

const places = new WeakMap<Mapped, Place>();

/** Parsed once per context of a map: a URL costs as much as the rest of a lookup. */
const placeAt = (mapped: Mapped): Place => {
  const known = places.get(mapped);
  if (known) return known;
  const url = URL.parse(mapped.url ?? '');
  const place = url ? { origin: url.origin, base: url.pathname.replace(/\/$/, '') } : { base: '' };
  places.set(mapped, place);
  return place;
};

import type { ContextMap, MappedContext } from './context-map.ts';

type MappedTenant = ContextMap['tenants'][number];

/** What is asked of a map once per route and once per consumer; by searching, a thousand cells would take minutes. */
export type MapLookups = {
  /** The tenant of this id, or the one that stands for all that are not listed. */
  tenant(id: string): MappedTenant | undefined;
  /** Those that live in a cell, and the one that stands for all. */
  tenantsIn(cell: string): readonly MappedTenant[];
  /** The contexts that may serve who lives in a cell: the cell's own, and those of the platform. */
  contextsFor(cell: string | undefined): readonly MappedContext[];
};

const made = new WeakMap<ContextMap, MapLookups>();

/** Made once per map: whoever changes a map makes another one. */
export const lookupsIn = (map: ContextMap): MapLookups => {
  const lookups = made.get(map) ?? lookupsOf(map);
  made.set(map, lookups);
  return lookups;
};

const lookupsOf = ({ contexts, tenants }: ContextMap): MapLookups => {
  // Of two under one name the first one counts.
  const byId = new Map(tenants.toReversed().map((tenant) => [tenant.id, tenant]));
  const everyone = tenants.filter(({ id }) => id === '*');
  const listed = Map.groupBy(
    tenants.filter(({ id }) => id !== '*'),
    ({ cell }) => cell,
  );
  const platform = contexts.filter(({ scope }) => scope === 'Platform');
  const own = Map.groupBy(
    contexts.filter(({ scope }) => scope !== 'Platform'),
    ({ cell }) => cell,
  );
  return {
    tenant: (id) => byId.get(id) ?? byId.get('*'),
    tenantsIn: (cell) => [...(listed.get(cell) ?? []), ...everyone],
    contextsFor: (cell = '') => [...(own.get(cell) ?? []), ...platform],
  };
};

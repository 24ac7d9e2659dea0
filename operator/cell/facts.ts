import { type BoundedContext, type BoundedContextSpec, boundedContextKind } from '../api/bounded-context.ts';
import type { Cell } from '../api/cell.ts';
import { isLeaving, subscriptionsOf, tenantsIn } from '../api/lookups.ts';
import { type Plan, type PlanSpec, planKind } from '../api/plan.ts';
import { type Tenant, type TenantSpec, tenantIdOf } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';
import { platformContext } from '../events/as-resource.ts';
import { type Release, releaseOf } from './release.ts';

/** A tenant that lives in a cell. */
export type CellTenant = {
  readonly name: string;
  readonly id: string;
  /** All that its plans give it, suspended or not: what has data. */
  readonly contexts: readonly string[];
  /** Those that are to run for it now. */
  readonly awake: readonly string[];
  /** Of each of its plans. */
  readonly quotas: readonly PlanSpec['quotas'][];
  readonly isLeaving: boolean;
  readonly deletionPolicy: TenantSpec['deletionPolicy'];
};

export const tenantsOf = (cell: Cell, world: World): CellTenant[] =>
  tenantsIn(world, cell.metadata.name)
    .map((tenant) => cellTenant(tenant, cell, world))
    .sort((a, b) => compare(a.name, b.name));

/** A subscription whose plan would move the tenant to another kind of cell is refused elsewhere: it counts for nothing. */
const cellTenant = (tenant: Tenant, cell: Cell, world: World): CellTenant => {
  const plans = world.cache<Plan>(planKind);
  const counted = subscriptionsOf(world, tenant.metadata.name).flatMap(({ spec }) => {
    const plan = plans.get(spec.plan);
    const counts = plan?.spec.isolation === cell.spec.isolation;
    if (!counts) return [];
    const { contexts, quotas } = plan.spec;
    return [{ contexts, quotas, isSuspended: spec.suspended }];
  });
  const running = tenant.spec.suspended ? [] : counted.filter(({ isSuspended }) => !isSuspended);
  return {
    name: tenant.metadata.name,
    id: tenant.status?.id ?? tenantIdOf(tenant),
    contexts: sortedUnion(counted),
    awake: sortedUnion(running),
    quotas: counted.map(({ quotas }) => quotas),
    isLeaving: isLeaving(tenant),
    deletionPolicy: tenant.spec.deletionPolicy,
  };
};

const sortedUnion = (subscriptions: readonly { readonly contexts: readonly string[] }[]): string[] =>
  [...new Set(subscriptions.flatMap(({ contexts }) => contexts))].sort();

export const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** The released contexts of the landscape, by name. */
export type Landscape = {
  readonly releases: ReadonlyMap<string, Release>;
  /** The names of those that run once for all cells, released or not. */
  readonly platform: ReadonlySet<string>;
  /** The released one that lets people in from outside; absent while there is none. */
  readonly frontDoor?: string | undefined;
};

export const landscapeOf = (world: World): Landscape => {
  const contexts = contextsIn(world);
  const kinds = kindsIn(world);
  const releases = contexts.flatMap(({ metadata, status }) =>
    status?.released ? [[metadata.name, releaseOf(status.released, (type) => kinds.get(type))] as const] : [],
  );
  const platform = contexts.filter(({ spec, status }) => (status?.released ?? spec).scope === 'Platform');
  return {
    releases: new Map(releases),
    platform: new Set(platform.map(({ metadata }) => metadata.name)),
    // The map lets through one. Should there be two all the same, all have to mean the same one.
    frontDoor: releases.flatMap(([name, { frontDoor }]) => (frontDoor ? name : [])).sort()[0],
  };
};

/** With the operator, whose events a context may read like any other's. */
const contextsIn = (world: World): BoundedContext[] => [
  ...world.cache<BoundedContext>(boundedContextKind).list(),
  platformContext,
];

/** What each published event type is about. */
export const kindsIn = (world: World): ReadonlyMap<string, string> =>
  new Map(
    contextsIn(world)
      .flatMap(({ status }) => status?.released?.publishes ?? [])
      .map(kindByType),
  );

const kindByType = ({ type, subjectKind }: BoundedContextSpec['publishes'][number]) =>
  [type, subjectKind] as const;

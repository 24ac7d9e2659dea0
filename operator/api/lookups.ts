import type { World } from '../engine/cache.ts';
import type { StatedCondition } from '../engine/condition.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { Indexes } from '../engine/object-store.ts';
import type { Resource } from '../engine/resource.ts';
import { type Plan, planKind } from './plan.ts';
import { type Subscription, subscriptionKind } from './subscription.ts';
import { type Tenant, tenantKind } from './tenant.ts';

/** The values by which caches find objects; whoever opens a kind's reflector passes these on as its indexes. */
export const tenantIndexes = {
  cell: ({ status }: Tenant): readonly string[] => (status?.cell === undefined ? [] : [status.cell]),
};
export const subscriptionIndexes = {
  tenant: ({ spec }: Subscription): readonly string[] => [spec.tenant],
  plan: ({ spec }: Subscription): readonly string[] => [spec.plan],
};
export const planIndexes = {
  context: ({ spec }: Plan): readonly string[] => spec.contexts,
};

/** Of any kind, by its name in the API: what `runOperator` asks for in `reflect`. */
export const lookupIndexes = ({ plural }: Resource): Indexes<KubeObject> =>
  (byPlural[plural] ?? {}) as Indexes<KubeObject>;

const byPlural: Readonly<Record<string, object>> = {
  [tenantKind.plural]: tenantIndexes,
  [subscriptionKind.plural]: subscriptionIndexes,
  [planKind.plural]: planIndexes,
};

/** By the tenant's name, the oldest first; those that are being deleted left out. */
export const subscriptionsOf = (world: World, tenant: string): Subscription[] =>
  staying(world.cache<Subscription>(subscriptionKind).byIndex('tenant', tenant));

/** By the plan's name, the oldest first; those that are being deleted left out. */
export const subscriptionsTo = (world: World, plan: string): Subscription[] =>
  staying(world.cache<Subscription>(subscriptionKind).byIndex('plan', plan));

/** All that are recorded in a cell, also those that are being deleted: they hold their place until they are gone. */
export const tenantsIn = (world: World, cell: string): readonly Tenant[] =>
  world.cache<Tenant>(tenantKind).byIndex('cell', cell);

export const plansWith = (world: World, context: string): readonly Plan[] =>
  world.cache<Plan>(planKind).byIndex('context', context);

/** Deletion was asked for; finalizers may hold it. */
export const isLeaving = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

/** Sorts the oldest first; two of the same second by name, so that everyone agrees. */
export const byAge = (one: KubeObject, other: KubeObject): number => {
  const [a, b] = [ageKey(one), ageKey(other)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
};

const ageKey = ({ metadata: { creationTimestamp = '', name } }: KubeObject) => `${creationTimestamp} ${name}`;

const staying = <T extends KubeObject>(objects: readonly T[]): T[] =>
  objects.filter((one) => !isLeaving(one)).sort(byAge);

type WithConditions = { readonly status?: { readonly conditions?: readonly StatedCondition[] } | undefined };

export const conditionIn = (object: WithConditions | undefined, type: string): StatedCondition | undefined =>
  object?.status?.conditions?.find((one) => one.type === type);

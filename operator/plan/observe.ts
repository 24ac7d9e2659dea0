import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { subscriptionsTo } from '../api/lookups.ts';
import type { Plan } from '../api/plan.ts';
import type { Subscription } from '../api/subscription.ts';
import { tenantKind } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';

export type PlanObserved = {
  /** Those of the plan's contexts that exist, by name. */
  readonly contexts: ReadonlyMap<string, BoundedContext>;
  readonly subscriptions: readonly Subscription[];
  /** Those of them whose tenant exists: they would lose their contexts with the plan. */
  readonly inUse: readonly Subscription[];
};

export const observe = (plan: Plan, world: World): PlanObserved => {
  const cache = world.cache<BoundedContext>(boundedContextKind);
  const found = plan.spec.contexts.flatMap((name) => cache.get(name) ?? []);
  const subscriptions = subscriptionsTo(world, plan.metadata.name);
  const tenants = world.cache(tenantKind);
  return {
    contexts: new Map(found.map((one) => [one.metadata.name, one])),
    subscriptions,
    inUse: subscriptions.filter(({ spec }) => tenants.get(spec.tenant) !== undefined),
  };
};

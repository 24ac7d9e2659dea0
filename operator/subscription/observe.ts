import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { subscriptionsOf } from '../api/lookups.ts';
import { type Plan, planKind } from '../api/plan.ts';
import type { Subscription } from '../api/subscription.ts';
import { type Tenant, tenantIdOf, tenantKind } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';
import type { Standing } from '../events/account.ts';
import type { News } from '../events/news.ts';
import type { PlanChange } from '../events/plan-change.ts';
import { subscriptionIdOf } from './fact.ts';

export type SubscriptionObserved = {
  readonly tenant: Tenant | undefined;
  readonly plan: Plan | undefined;
  /** The tenant's cell. */
  readonly cell: Cell | undefined;
  /** All that the tenant has, this one included. */
  readonly subscriptions: readonly Subscription[];
  /** Contexts of the plan that run once for the landscape and in no cell. */
  readonly platformContexts: ReadonlySet<string>;
  readonly standing: Standing | undefined;
  /** The last request for another plan, and that plan if it exists. */
  readonly change: PlanChange | undefined;
  readonly changeTo: Plan | undefined;
};

export const observeWith =
  (news: News) =>
  async (subscription: Subscription, world: World): Promise<SubscriptionObserved> => {
    const tenant = world.cache<Tenant>(tenantKind).get(subscription.spec.tenant);
    const plans = world.cache<Plan>(planKind);
    const plan = plans.get(subscription.spec.plan);
    const heard = tenant === undefined ? nothing : await hear(news, tenant, subscription);
    return {
      tenant,
      plan,
      cell: cellOf(tenant, world),
      subscriptions: subscriptionsOf(world, subscription.spec.tenant),
      platformContexts: platformContexts(plan, world),
      ...heard,
      changeTo: heard.change === undefined ? undefined : plans.get(heard.change.plan),
    };
  };

const nothing = { standing: undefined, change: undefined };

const hear = async (news: News, tenant: Tenant, subscription: Subscription) => {
  const id = tenantIdOf(tenant);
  const [standing, change] = await Promise.all([
    news.standingOf(id),
    news.planChangeOf(id, subscriptionIdOf(subscription)),
  ]);
  return { standing, change };
};

const cellOf = (tenant: Tenant | undefined, world: World): Cell | undefined =>
  tenant?.status?.cell === undefined ? undefined : world.cache<Cell>(cellKind).get(tenant.status.cell);

const platformContexts = (plan: Plan | undefined, world: World): Set<string> => {
  const contexts = world.cache<BoundedContext>(boundedContextKind);
  const isPlatform = (name: string) => contexts.get(name)?.status?.released?.scope === 'Platform';
  return new Set(plan?.spec.contexts.filter(isPlatform));
};

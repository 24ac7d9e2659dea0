import { byAge, isLeaving } from '../api/lookups.ts';
import type { Plan, PlanSpec } from '../api/plan.ts';
import type { Subscription } from '../api/subscription.ts';
import type { Tenant } from '../api/tenant.ts';

/** A placed tenant's cell is its own exactly if it has its name. */
export const isolationOf = ({ metadata, status }: Tenant): PlanSpec['isolation'] | undefined => {
  if (status?.cell === undefined) return undefined;
  return status.cell === metadata.name ? 'Dedicated' : 'Pooled';
};

/** The subscription of the same tenant to the same plan that was there before; the older one wins. */
export const olderTwin = (
  subscription: Subscription,
  subscriptions: readonly Subscription[],
): Subscription | undefined =>
  subscriptions.find(
    (one) =>
      one.metadata.name !== subscription.metadata.name &&
      one.spec.tenant === subscription.spec.tenant &&
      one.spec.plan === subscription.spec.plan &&
      !isLeaving(one) &&
      byAge(one, subscription) < 0,
  );

/** Whether the plan is for cells of another kind than the one in which the tenant lives. */
export const wouldMove = (tenant: Tenant, plan: Plan): boolean => {
  const isolation = isolationOf(tenant);
  return isolation !== undefined && isolation !== plan.spec.isolation;
};

/**
 * The plans that a tenant's cell runs for it, given all subscriptions of the tenant: those of subscriptions that are
 * not suspended, refused or on their way out. A suspended tenant keeps them; that it does not run is the cell's to see.
 */
export const plansInEffect = (
  tenant: Tenant,
  subscriptions: readonly Subscription[],
  planOf: (name: string) => Plan | undefined,
): Plan[] =>
  subscriptions.flatMap((subscription) => {
    const plan = planOf(subscription.spec.plan);
    const isOut = subscription.spec.suspended || isLeaving(subscription);
    if (plan === undefined || isOut || wouldMove(tenant, plan)) return [];
    return olderTwin(subscription, subscriptions) === undefined ? [plan] : [];
  });

/** The contexts of those plans, each once, sorted. */
export const contextsOf = (plans: readonly Plan[]): string[] =>
  [...new Set(plans.flatMap(({ spec }) => spec.contexts))].sort();

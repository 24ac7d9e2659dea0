import { type Cell, cellKind } from '../api/cell.ts';
import { isLeaving, subscriptionsOf } from '../api/lookups.ts';
import { type Plan, planKind } from '../api/plan.ts';
import type { Subscription } from '../api/subscription.ts';
import type { Tenant } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { readCell } from './cells.ts';
import { type Placement, recordedPlacement } from './place.ts';
import { firstPlan, placementFault } from './placement-checks.ts';
import type { Placer } from './placer.ts';

export type TenantObserved = {
  /** The oldest first. */
  readonly subscriptions: readonly Subscription[];
  readonly plans: ReadonlyMap<string, Plan>;
  /** Recorded, or decided just now; undefined while it cannot be placed. */
  readonly placement: Placement | undefined;
  /** The cell that it was placed in. Of a tenant that is being deleted as it is, not as a cache has it. */
  readonly cell: Cell | undefined;
  /** The cell of the tenant's name, whosever it is. */
  readonly namesake: Cell | undefined;
};

export type TenantEyes = { readonly kube: KubeClient; readonly placer: Placer };

export const observeWith =
  ({ kube, placer }: TenantEyes) =>
  async (tenant: Tenant, world: World): Promise<TenantObserved> => {
    const { name } = tenant.metadata;
    const cells = world.cache<Cell>(cellKind);
    const subscriptions = subscriptionsOf(world, name);
    const plans = plansOf(subscriptions, world);
    const seen = { subscriptions, plans, namesake: cells.get(name) };
    if (isLeaving(tenant)) {
      // A cell that was made a moment ago may be in no cache yet, and would stay behind.
      const cell = await readCell(kube, tenant.status?.cell ?? name);
      return { ...seen, placement: recordedPlacement(tenant), cell };
    }
    const placement = recordedPlacement(tenant) ?? (await placeNow(placer, tenant, seen));
    return { ...seen, placement, cell: placement && cells.get(placement.cell) };
  };

const plansOf = (subscriptions: readonly Subscription[], world: World): Map<string, Plan> => {
  const plans = world.cache<Plan>(planKind);
  return new Map(
    subscriptions.flatMap(({ spec }) => {
      const plan = plans.get(spec.plan);
      return plan === undefined ? [] : [[spec.plan, plan] as const];
    }),
  );
};

type Seen = Pick<TenantObserved, 'subscriptions' | 'plans' | 'namesake'>;

const placeNow = async (placer: Placer, tenant: Tenant, seen: Seen): Promise<Placement | undefined> => {
  const plan = firstPlan(seen);
  if (plan === undefined || placementFault({ tenant, observed: seen }) !== undefined) return undefined;
  return await placer.place(tenant, plan);
};

import { boundedContextKind } from '../api/bounded-context.ts';
import { isLeaving, plansWith, subscriptionsOf } from '../api/lookups.ts';
import { type Plan, planKind } from '../api/plan.ts';
import { seesRelease, seesWish } from '../api/sees.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { tenantKind } from '../api/tenant.ts';
import type { Controller } from '../engine/controller.ts';
import { keyOf } from '../engine/kube-object.ts';
import type { Facts, PublishFact } from '../events/facts.ts';
import { desired, finalize } from './desired.ts';
import { observe, type PlanObserved } from './observe.ts';

export type PlanDeps = { readonly facts: Facts };

/** A day: long enough to notice a plan that was deleted by mistake while tenants run on it. */
const DEADLINE_SECONDS = 24 * 3_600;

export const planController = ({ facts }: PlanDeps): Controller<Plan, PlanObserved, PublishFact> => ({
  name: 'plan',
  parent: planKind,
  children: [],
  watches: [
    {
      resource: boundedContextKind,
      parentsOf: ({ metadata }, world) => plansWith(world, metadata.name).map(keyOf),
      sees: seesRelease,
    },
    {
      resource: subscriptionKind,
      parentsOf: (object) => [(object as Subscription).spec.plan],
      sees: seesWish,
    },
    // A plan that is in use goes with the last tenant that uses it.
    {
      resource: tenantKind,
      parentsOf: (tenant, world) =>
        isLeaving(tenant) ? subscriptionsOf(world, tenant.metadata.name).map(({ spec }) => spec.plan) : [],
      sees: seesWish,
    },
  ],
  observe,
  desired,
  perform: ({ fact }) => facts.publish(fact),
  finalizer: { name: 'cadastre.dev/plan', deadlineSeconds: DEADLINE_SECONDS, finalize },
});

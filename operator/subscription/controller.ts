import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { plansWith, subscriptionsOf, subscriptionsTo, tenantsIn } from '../api/lookups.ts';
import { planKind } from '../api/plan.ts';
import { seesHome, seesLodging, seesRelease, seesValidity, seesWish } from '../api/sees.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { tenantKind } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';
import type { Controller } from '../engine/controller.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../engine/kube-object.ts';
import { mergePatch } from '../engine/verbs.ts';
import type { Facts } from '../events/facts.ts';
import type { News } from '../events/news.ts';
import { type AnswerPlanChange, desired, finalize, type SubscriptionEffect } from './desired.ts';
import { observeWith, type SubscriptionObserved } from './observe.ts';

export type SubscriptionDeps = { readonly kube: KubeClient; readonly facts: Facts; readonly news: News };

/** A day: MongoDB may be away, and a subscription whose end nobody heard of is charged for ever. */
const DEADLINE_SECONDS = 24 * 3_600;

export const subscriptionController = (
  deps: SubscriptionDeps,
): Controller<Subscription, SubscriptionObserved, SubscriptionEffect> => ({
  name: 'subscription',
  parent: subscriptionKind,
  children: [],
  watches: [
    {
      resource: tenantKind,
      parentsOf: ({ metadata }, world) => ofTenant(world, metadata.name),
      sees: seesHome,
    },
    {
      resource: planKind,
      parentsOf: ({ metadata }, world) => subscriptionsTo(world, metadata.name).map(keyOf),
      sees: seesValidity,
    },
    // Where a context runs tells whether a cell is to run it.
    {
      resource: boundedContextKind,
      parentsOf: (context, world) => ofContext(world, context),
      sees: seesRelease,
    },
    { resource: cellKind, parentsOf: (cell, world) => ofCell(world, cell as Cell), sees: seesLodging },
    // Twins: the younger one takes effect when the older one goes.
    {
      resource: subscriptionKind,
      parentsOf: (one, world) => ofTenant(world, (one as Subscription).spec.tenant),
      sees: seesWish,
    },
  ],
  listen: (wake, world) =>
    deps.news.listen((tenantId) => {
      for (const key of concerned(world, tenantId)) wake(key);
    }),
  observe: observeWith(deps.news),
  desired,
  perform: (effect, subscription) =>
    effect.type === 'PublishFact'
      ? deps.facts.publish(effect.fact)
      : answerPlanChange(deps, effect, subscription),
  finalizer: { name: 'cadastre.dev/subscription', deadlineSeconds: DEADLINE_SECONDS, finalize },
});

/** The subscriptions to look at again when there is news about a tenant. */
const concerned = (world: World, tenantId: string): ObjectKey[] =>
  ofTenant(world, tenantId.slice(0, tenantId.lastIndexOf('-')));

const ofTenant = (world: World, tenant: string): ObjectKey[] => subscriptionsOf(world, tenant).map(keyOf);

const ofCell = (world: World, { metadata }: KubeObject): ObjectKey[] =>
  tenantsIn(world, metadata.name).flatMap((tenant) => ofTenant(world, tenant.metadata.name));

const ofContext = (world: World, context: KubeObject): ObjectKey[] =>
  (context as BoundedContext).spec.scope === 'Platform'
    ? plansWith(world, context.metadata.name).flatMap((plan) =>
        subscriptionsTo(world, plan.metadata.name).map(keyOf),
      )
    : [];

/** Patched first and closed then: a crash in between patches the same once more. */
const answerPlanChange = async (
  { kube, news }: SubscriptionDeps,
  { tenantId, subscriptionId, request, plan, refusal }: AnswerPlanChange,
  subscription: Subscription,
): Promise<void> => {
  if (refusal === undefined && subscription.spec.plan !== plan) {
    // The UID refuses one of the same name that was made meanwhile.
    const patch = { metadata: { uid: subscription.metadata.uid }, spec: { plan } };
    await mergePatch(kube, { resource: subscriptionKind, key: keyOf(subscription), patch });
  }
  await news.answer({ tenantId, subscriptionId, request, answer: refusal === undefined ? {} : { refusal } });
};

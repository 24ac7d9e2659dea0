import type { MongoClient } from 'mongodb';
import { cellKind, cellSpec } from '../api/cell.ts';
import { subscriptionsTo, tenantsIn } from '../api/lookups.ts';
import { planKind } from '../api/plan.ts';
import { seesLodging, seesWish } from '../api/sees.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { type Tenant, tenantKind } from '../api/tenant.ts';
import type { Controller } from '../engine/controller.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { keyOf } from '../engine/kube-object.ts';
import type { Facts } from '../events/facts.ts';
import { createCell, deleteCell } from './cells.ts';
import { desired } from './desired.ts';
import { mongoTenantDocuments } from './documents.ts';
import type { TenantEffect } from './effect.ts';
import { finalize } from './finalize.ts';
import { observeWith, type TenantObserved } from './observe.ts';
import { placer } from './placer.ts';
import { apiServerTruth } from './truth.ts';

export type TenantDeps = {
  readonly kube: KubeClient;
  /** Reaches all databases of the cells. */
  readonly mongo: MongoClient;
  readonly facts: Facts;
};

/** A day: its cell has a deadline of its own, and what is left of a tenant in a database nobody would look for. */
const DEADLINE_SECONDS = 24 * 3_600;

export const tenantController = (deps: TenantDeps): Controller<Tenant, TenantObserved, TenantEffect> => ({
  name: 'tenant',
  parent: tenantKind,
  children: [],
  watches: [
    {
      resource: subscriptionKind,
      parentsOf: (object) => [(object as Subscription).spec.tenant],
      sees: seesWish,
    },
    {
      resource: planKind,
      parentsOf: ({ metadata }, world) =>
        new Set(subscriptionsTo(world, metadata.name).map(({ spec }) => spec.tenant)),
      sees: seesWish,
    },
    {
      resource: cellKind,
      // The one of its name may wait for it, or be kept from placing by it.
      parentsOf: ({ metadata: { name } }, world) => [name, ...tenantsIn(world, name).map(keyOf)],
      sees: seesLodging,
    },
  ],
  observe: observeWith({
    kube: deps.kube,
    placer: placer(apiServerTruth(deps.kube), { capacity: CAPACITY }),
  }),
  desired,
  perform: (effect) => perform(deps, effect),
  finalizer: { name: 'cadastre.dev/tenant', deadlineSeconds: DEADLINE_SECONDS, finalize },
});

/** What a new cell has by default. */
const CAPACITY = cellSpec.shape.capacity.parse(undefined);

const perform = async ({ kube, mongo, facts }: TenantDeps, effect: TenantEffect): Promise<void> => {
  switch (effect.type) {
    case 'PublishFact':
      return await facts.publish(effect.fact);
    case 'CreateCell':
      return await createCell(kube, effect);
    case 'DeleteCell':
      return await deleteCell(kube, effect);
    case 'RemoveDocuments':
      return await mongoTenantDocuments(mongo).remove(effect);
  }
};

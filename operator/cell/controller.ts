import { boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { subscriptionsTo } from '../api/lookups.ts';
import { planKind } from '../api/plan.ts';
import { seesHome, seesRelease, seesWish } from '../api/sees.ts';
import { type Subscription, subscriptionKind } from '../api/subscription.ts';
import { type Tenant, tenantKind } from '../api/tenant.ts';
import type { World } from '../engine/cache.ts';
import type { Controller } from '../engine/controller.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { listenToServers } from './account-watch.ts';
import { desiredWith } from './desired.ts';
import { type CellEffect, performOn } from './effects.ts';
import { finalize } from './finalize.ts';
import { type Observed, observer } from './observe.ts';
import type { CellOptions } from './options.ts';
import { cellChildren } from './resources.ts';
import type { Servers } from './servers.ts';

/** What a cell is made of follows from the cell, its tenants, their subscriptions and plans, and what is released. */
export const cellController = (
  options: CellOptions,
  servers: Servers,
): Controller<Cell, Observed, CellEffect> => ({
  name: 'cell',
  parent: cellKind,
  children: cellChildren,
  watches: [
    { resource: tenantKind, parentsOf: (object) => homeOf(object as Tenant), sees: seesHome },
    {
      resource: subscriptionKind,
      parentsOf: (object, world) => homeOfSubscriber(object, world),
      sees: seesWish,
    },
    {
      resource: planKind,
      parentsOf: (object, world) =>
        subscriptionsTo(world, object.metadata.name).flatMap((one) => homeOfSubscriber(one, world)),
      sees: seesWish,
    },
    {
      resource: boundedContextKind,
      parentsOf: (_, world) => [...world.cache<Cell>(cellKind).list()].map(({ metadata }) => metadata.name),
      sees: seesRelease,
    },
  ],
  listen: listenToServers(servers),
  observe: observer(options, servers),
  desired: desiredWith(options),
  perform: performOn(servers),
  finalizer: { name: 'cadastre.dev/cell', deadlineSeconds: 600, finalize },
});

const homeOf = (tenant: Tenant | undefined): string[] =>
  tenant?.status?.cell === undefined ? [] : [tenant.status.cell];

const homeOfSubscriber = (object: KubeObject, world: World): string[] =>
  homeOf(world.cache<Tenant>(tenantKind).get((object as Subscription).spec.tenant));

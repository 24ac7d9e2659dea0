import { type Cell, cellKind } from '../../operator/api/cell.ts';
import { type Subscription, subscriptionKind } from '../../operator/api/subscription.ts';
import { type Tenant, tenantKind } from '../../operator/api/tenant.ts';
import type { Reflector } from '../../operator/engine/reflector.ts';
import type { Cluster } from './cluster.ts';

/** What the bench sees of what the operator says. */
export type Views = {
  readonly cells: Reflector<Cell>;
  readonly tenants: Reflector<Tenant>;
  readonly subscriptions: Reflector<Subscription>;
};

export const openViews = async ({ follow }: Cluster): Promise<Views> => ({
  cells: await follow<Cell>(cellKind),
  tenants: await follow<Tenant>(tenantKind),
  subscriptions: await follow<Subscription>(subscriptionKind),
});

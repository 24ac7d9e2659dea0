import { isLeaving } from '../api/lookups.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import type { Finalizing } from '../engine/controller.ts';
import type { PublishFact } from '../events/facts.ts';
import { subscriptionFact } from '../subscription/fact.ts';
import { isCellOf } from './cells.ts';
import { entryOf } from './checks.ts';
import type { TenantEffect } from './effect.ts';
import type { TenantObserved } from './observe.ts';

/** Tells everyone first, then clears away: its own cell as a whole, or what a pooled cell holds of it. */
export const finalize = (tenant: Tenant, observed: TenantObserved): Finalizing<TenantEffect> => {
  const told = farewells(tenant, observed);
  const { cell } = observed;
  if (cell !== undefined && isCellOf(tenant, cell)) {
    const { name, uid } = cell.metadata;
    const effects: TenantEffect[] = isLeaving(cell) ? told : [...told, { type: 'DeleteCell', name, uid }];
    const message = `its Cell ${name} is being deleted: see the conditions of that Cell`;
    return { effects, waitingFor: { reason: 'CellTerminating', message } };
  }
  return leavePool(tenant, observed, told);
};

/** Documents go once the cell has taken the tenant off its map: until then its contexts could write more of them. */
const leavePool = (
  tenant: Tenant,
  { placement, cell }: TenantObserved,
  told: readonly TenantEffect[],
): Finalizing<TenantEffect> => {
  if (placement?.isolation !== 'Pooled' || tenant.spec.deletionPolicy === 'Retain') return { effects: told };
  if (entryOf(tenant, cell) !== undefined) {
    const message = `the Cell ${placement.cell} still serves it: its documents go when it does not`;
    return { effects: told, waitingFor: { reason: 'CellServesIt', message } };
  }
  const tenantId = tenantIdOf(tenant);
  return { effects: [...told, { type: 'RemoveDocuments', cell: placement.cell, tenantId }] };
};

const farewells = (tenant: Tenant, { subscriptions }: TenantObserved): PublishFact[] => {
  const tenantId = tenantIdOf(tenant);
  const event = { type: 'TenantRemoved', data: { tenantId, name: tenant.metadata.name } } as const;
  return [
    ...subscriptions.map((subscription) => subscriptionFact({ subscription, tenant }, { state: 'Ended' })),
    { type: 'PublishFact', fact: { about: 'tenant', tenant: tenantId, id: tenantId, event } },
  ];
};

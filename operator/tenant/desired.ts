import { conditionOf, type Fault } from '../api/fault.ts';
import { conditionIn } from '../api/lookups.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { endpointOf } from '../cell/names.ts';
import type { StatedCondition } from '../engine/condition.ts';
import type { Desired } from '../engine/controller.ts';
import type { PublishFact } from '../events/facts.ts';
import type { TenantEvent } from '../events/language.ts';
import { newCell } from './cells.ts';
import { entryOf, readinessFault } from './checks.ts';
import type { TenantEffect } from './effect.ts';
import type { TenantObserved } from './observe.ts';
import type { Placement } from './place.ts';
import { firstPlan, placementFault } from './placement-checks.ts';

export const desired = (tenant: Tenant, observed: TenantObserved): Desired<TenantEffect> => {
  const { placement } = observed;
  const id = tenantIdOf(tenant);
  if (placement === undefined) {
    const fault = placementFault({ tenant, observed }) ?? NOT_DECIDED;
    return { children: [], status: { id }, conditions: notPlaced(fault) };
  }
  const fault = readinessFault({ tenant, observed });
  const isProvisioned = fault === undefined || conditionIn(tenant, 'Provisioned')?.status === 'True';
  const endpoints = endpointsOf(tenant, observed);
  return {
    children: [],
    status: { id, cell: placement.cell, endpoints },
    conditions: [
      { type: 'Placed', status: 'True', reason: 'Placed', message: `it lives in the Cell ${placement.cell}` },
      provisioned(isProvisioned),
      conditionOf('Ready', fault, { reason: 'Running', message: `the Cell ${placement.cell} runs it` }),
    ],
    effects: [
      ...missingCell(tenant, placement, observed),
      ...(isProvisioned ? [tenantFact(tenant, { cell: placement.cell, endpoints })] : []),
    ],
  };
};

const NOT_DECIDED: Fault = {
  reason: 'NotDecided',
  message: 'its place is being decided: this takes a moment',
};

const notPlaced = (fault: Fault): StatedCondition[] =>
  ['Placed', 'Ready'].map((type) => ({ type, status: 'False', ...fault }));

/** True for ever once it was ready for the first time, since only then others are told of it. */
const provisioned = (isProvisioned: boolean): StatedCondition =>
  isProvisioned
    ? {
        type: 'Provisioned',
        status: 'True',
        reason: 'Announced',
        message: 'it has run, and the contexts were told',
      }
    : {
        type: 'Provisioned',
        status: 'False',
        reason: 'NeverReady',
        message: 'it has not been ready yet: the contexts are told of it then',
      };

const missingCell = (tenant: Tenant, placement: Placement, observed: TenantObserved): TenantEffect[] => {
  if (observed.cell !== undefined || firstPlan(observed) === undefined) return [];
  return [{ type: 'CreateCell', cell: newCell(placement, tenant) }];
};

/** Of the contexts that run in its cell; those that run once for the landscape have an address of their own. */
const endpointsOf = (tenant: Tenant, { cell }: TenantObserved): Record<string, string> => {
  const running = new Set(cell?.status?.contexts?.map(({ name }) => name));
  const contexts = (entryOf(tenant, cell)?.contexts ?? []).filter((name) => running.has(name)).sort();
  return Object.fromEntries(contexts.map((name) => [name, endpointOf(cell?.spec.namespace ?? '', name)]));
};

type Home = Pick<Extract<TenantEvent, { type: 'TenantProvisioned' }>['data'], 'cell' | 'endpoints'>;

const tenantFact = (tenant: Tenant, home: Home): PublishFact => {
  const id = tenantIdOf(tenant);
  const { displayName, owner, suspended } = tenant.spec;
  const data = { tenantId: id, name: tenant.metadata.name, displayName, owner, suspended, ...home };
  const event = { type: 'TenantProvisioned', data } as const;
  return { type: 'PublishFact', fact: { about: 'tenant', tenant: id, id, event } };
};

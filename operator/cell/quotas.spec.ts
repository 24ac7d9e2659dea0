import { deepEqual } from 'node:assert/strict';
import type { PlanSpec } from '../api/plan.ts';
import { atLeast, quotasOf } from './quotas.ts';
import { aCellTenant } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const quotas = { requestsPerSecond: 50, replicas: 2, cpu: '4', memory: '8Gi', storage: '10Gi' };
const aTenantWith = (...plans: Partial<PlanSpec['quotas']>[]) =>
  aCellTenant({ quotas: plans.map((plan) => ({ ...quotas, ...plan })) });

describe('the quotas of a cell', () => {
  it('are those of the plan', () =>
    deepEqual(quotasOf(aCell(), [aTenantWith({ cpu: '3' })]), {
      replicas: 2,
      cpu: '3',
      memory: '8Gi',
      storage: '10Gi',
    }));
  it('are the largest of each in all plans of all tenants', () =>
    deepEqual(
      quotasOf(aCell(), [
        aTenantWith({ cpu: '500m', memory: '16Gi' }, { replicas: 4 }),
        aTenantWith({ cpu: '6', memory: '900Mi', storage: '1Ti' }),
      ]),
      { replicas: 4, cpu: '6', memory: '16Gi', storage: '1Ti' },
    ));
  it('are what the cell says itself, where it does', () =>
    deepEqual(quotasOf(aCell({ spec: { quotas: { cpu: '1' } } }), [aTenantWith()]).cpu, '1'));
  it('are what a plan has that says nothing, while no tenant has a plan', () =>
    deepEqual(quotasOf(aCell(), []).memory, '8Gi'));
});

describe('quotas that leave room', () => {
  it('stay as they are where they do', () => {
    const { requestsPerSecond: _, ...given } = quotas;
    deepEqual(atLeast(given, { cpu: 4_000, memory: 2 ** 30 }), given);
  });
  it('are as large as needed where they do not', () => {
    const { cpu, memory } = atLeast(quotas, { cpu: 4_250, memory: 8 * 2 ** 30 + 1 });
    deepEqual([cpu, memory], ['4250m', '8193Mi']);
  });
});

import type { PlanEvent, PlatformEvent, SubscriptionEvent, TenantEvent } from '../language.ts';

type DataOf<Event extends PlatformEvent, Type> = Extract<Event, { type: Type }>['data'];

export const aTenantProvisioned = (
  overrides: Partial<DataOf<TenantEvent, 'TenantProvisioned'>> = {},
): TenantEvent => ({
  type: 'TenantProvisioned',
  data: {
    tenantId: 'acme-00000001',
    name: 'acme',
    displayName: 'Acme Inc.',
    owner: 'ops@acme.example',
    suspended: false,
    cell: 'pool-1',
    endpoints: { ordering: 'http://ordering.cadastre-pool-1.svc' },
    ...overrides,
  },
});

export const aTenantRemoved = (): TenantEvent => ({
  type: 'TenantRemoved',
  data: { tenantId: 'acme-00000001', name: 'acme' },
});

export const aSubscriptionChanged = (
  overrides: Partial<SubscriptionEvent['data']> = {},
): SubscriptionEvent => ({
  type: 'SubscriptionChanged',
  data: {
    subscriptionId: 'acme-starter-00000002',
    name: 'acme-starter',
    tenantName: 'acme',
    plan: 'starter',
    cell: 'pool-1',
    state: 'Active',
    ...overrides,
  },
});

export const aPlanChanged = (overrides: Partial<PlanEvent['data']> = {}): PlanEvent => ({
  type: 'PlanChanged',
  data: {
    plan: 'starter',
    contexts: ['ordering'],
    isolation: 'Pooled',
    quotas: { requestsPerSecond: 50, replicas: 2, cpu: '4', memory: '8Gi', storage: '10Gi' },
    overdraft: { amount: 0, grace: 'P0D' },
    withdrawn: false,
    ...overrides,
  },
});

import { type BoundedContext, boundedContextKind, boundedContextSpec } from '../../api/bounded-context.ts';
import { type Cell, type CellSpec, cellKind, cellSpec } from '../../api/cell.ts';
import { type Plan, type PlanSpec, planKind, planSpec } from '../../api/plan.ts';
import { type Subscription, type SubscriptionSpec, subscriptionKind } from '../../api/subscription.ts';
import { type Tenant, type TenantSpec, tenantKind } from '../../api/tenant.ts';
import type { StatedCondition } from '../../engine/condition.ts';
import type { ObjectMeta } from '../../engine/kube-object.ts';
import { apiVersionOf, type Resource } from '../../engine/resource.ts';

type Meta = Partial<ObjectMeta>;

let made = 0;

const typeOf = (resource: Resource) => ({ apiVersion: apiVersionOf(resource), kind: resource.kind });

/** Each with a UID of its own whose first eight characters differ, as API servers make them. */
const metaOf = (name: string, overrides: Meta = {}): ObjectMeta => {
  made += 1;
  const uid = `${String(made).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return { name, uid, generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', ...overrides };
};

export const LEAVING: Meta = { deletionTimestamp: '2026-02-01T00:00:00Z' };

export const aCondition = (
  type: string,
  status: 'True' | 'False',
  message = 'as the spec says',
): StatedCondition => ({
  type,
  status,
  reason: 'Said',
  message,
});
export const ready = [aCondition('Ready', 'True')];

type TenantPlan = Partial<TenantSpec> & { metadata?: Meta; status?: Partial<NonNullable<Tenant['status']>> };

export const aTenant = (name = 'acme', { metadata, status, ...spec }: TenantPlan = {}): Tenant => ({
  ...typeOf(tenantKind),
  metadata: metaOf(name, metadata),
  spec: {
    displayName: `${name} Inc.`,
    owner: `ops@${name}.example`,
    suspended: false,
    deletionPolicy: 'Delete',
    ...spec,
  },
  ...(status && { status: { conditions: [], ...status } }),
});

type PlanPlan = Partial<PlanSpec> & { metadata?: Meta; conditions?: StatedCondition[] };

export const aPlan = (name = 'starter', { metadata, conditions = ready, ...spec }: PlanPlan = {}): Plan => ({
  ...typeOf(planKind),
  metadata: metaOf(name, metadata),
  spec: planSpec.parse({ contexts: ['ordering'], ...spec }),
  status: { conditions },
});

type SubscriptionPlan = Partial<SubscriptionSpec> & {
  metadata?: Meta;
  status?: Partial<NonNullable<Subscription['status']>>;
};

export const aSubscription = (
  name = 'acme-starter',
  { metadata, status, ...spec }: SubscriptionPlan = {},
): Subscription => ({
  ...typeOf(subscriptionKind),
  metadata: metaOf(name, metadata),
  spec: { tenant: 'acme', plan: 'starter', suspended: false, ...spec },
  ...(status && { status: { conditions: [], ...status } }),
});

type CellPlan = Partial<CellSpec> & { metadata?: Meta; status?: Partial<NonNullable<Cell['status']>> };

export const aCell = (name = 'pool-1', { metadata, status, ...spec }: CellPlan = {}): Cell => ({
  ...typeOf(cellKind),
  metadata: metaOf(name, metadata),
  spec: cellSpec.parse({ isolation: 'Pooled', namespace: `cadastre-${name}`, ...spec }),
  ...(status && { status: { conditions: [], ...status } }),
});

/** A cell that runs these contexts for these tenants. */
export const aRunningCell = (
  name: string,
  tenants: readonly { name: string; id: string }[],
  { contexts = ['ordering'], ...overrides }: CellPlan & { contexts?: string[] } = {},
): Cell =>
  aCell(name, {
    ...overrides,
    status: {
      conditions: ready,
      tenants: tenants.map(({ name, id }) => ({ name, id, contexts })),
      contexts: contexts.map((one) => ({
        name: one,
        version: '1.0.0',
        image: `${one}:1.0.0`,
        ready: true,
      })),
      ...overrides.status,
    },
  });

export const aContext = (
  name = 'ordering',
  { released = true, scope = 'Tenant' }: { released?: boolean; scope?: 'Platform' | 'Tenant' } = {},
): BoundedContext => {
  const spec = boundedContextSpec.parse({ version: '1.0.0', image: `${name}:1.0.0`, scope });
  return {
    ...typeOf(boundedContextKind),
    metadata: metaOf(name),
    spec,
    status: { conditions: [], ...(released && { released: spec }) },
  };
};

import { type BoundedContext, boundedContextKind, boundedContextSpec } from '../../api/bounded-context.ts';
import { type Cell, cellKind, cellSpec } from '../../api/cell.ts';
import { type Plan, planKind, planSpec } from '../../api/plan.ts';
import { type Subscription, subscriptionKind } from '../../api/subscription.ts';
import { type Tenant, tenantKind } from '../../api/tenant.ts';
import type { KubeObject, ObjectMeta } from '../../engine/kube-object.ts';
import { apiVersionOf, type Resource } from '../../engine/resource.ts';

type Fields = Readonly<Record<string, unknown>>;
type Overrides = {
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly metadata?: Partial<ObjectMeta>;
};

const object = <T extends KubeObject>(resource: Resource, name: string, fields: Overrides): T =>
  ({
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    ...fields,
    metadata: { name, uid: `${name}-uid`, creationTimestamp: '2026-01-01T00:00:00Z', ...fields.metadata },
  }) as unknown as T;

export const LEAVING = { metadata: { deletionTimestamp: '2026-02-01T00:00:00Z' } };

/** The cell of the tenant acme alone, unless it says otherwise. */
export const aCell = (overrides: Overrides = {}, name = 'acme'): Cell =>
  object<Cell>(cellKind, name, {
    ...overrides,
    spec: cellSpec.parse({ isolation: 'Dedicated', namespace: `cadastre-${name}`, ...overrides.spec }),
  });

export const aTenant = (overrides: Overrides = {}, name = 'acme'): Tenant =>
  object<Tenant>(tenantKind, name, {
    ...overrides,
    spec: {
      displayName: name,
      owner: 'ops@example.com',
      suspended: false,
      deletionPolicy: 'Delete',
      ...overrides.spec,
    },
    status: { conditions: [], cell: 'acme', ...overrides.status },
  });

export const aSubscription = (overrides: Overrides = {}, name = 'acme-shop'): Subscription =>
  object<Subscription>(subscriptionKind, name, {
    ...overrides,
    spec: { tenant: 'acme', plan: 'shop', suspended: false, ...overrides.spec },
  });

export const aPlan = (overrides: Overrides = {}, name = 'shop'): Plan =>
  object<Plan>(planKind, name, {
    ...overrides,
    spec: planSpec.parse({ isolation: 'Dedicated', contexts: ['catalog', 'ordering'], ...overrides.spec }),
  });

/** Released as it says, unless its status says otherwise. */
export const aContext = (overrides: Overrides = {}, name = 'ordering'): BoundedContext => {
  const spec = boundedContextSpec.parse({ version: '1.0.0', image: `shop/${name}:1`, ...overrides.spec });
  return object<BoundedContext>(boundedContextKind, name, {
    ...overrides,
    spec,
    status: { conditions: [], released: spec, ...overrides.status },
  });
};

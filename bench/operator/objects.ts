import { boundedContextKind } from '../../operator/api/bounded-context.ts';
import type { Kind } from '../../operator/api/common.ts';
import { planKind } from '../../operator/api/plan.ts';
import { subscriptionKind } from '../../operator/api/subscription.ts';
import { tenantKind } from '../../operator/api/tenant.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { apiVersionOf, type Resource } from '../../operator/engine/resource.ts';

/** An object and where it belongs. */
export type Placed = { readonly resource: Resource; readonly object: KubeObject };

/** Of every tenant. */
export const CONTEXTS = ['catalog', 'ordering', 'shipping', 'billing', 'support'] as const;
const PLAN = 'dedicated';

const written = (kind: Kind, name: string, spec: Readonly<Record<string, unknown>>): Placed => ({
  resource: kind,
  object: {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name },
    spec,
  } as KubeObject,
});

/** A subject's id and what is said of it, as large as those of the samples. */
const schema = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 64 },
    name: { type: 'string', maxLength: 200 },
    price: {
      type: 'object',
      properties: {
        amount: { type: 'integer', minimum: 0 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      },
      required: ['amount', 'currency'],
    },
  },
  required: ['id', 'name', 'price'],
};

const eventsOf = (context: string): string[] =>
  ['opened', 'changed', 'closed'].map((what) => `${context}.subject-${what}.v1`);

/** Each reads what the one before it publishes and may call it, so that policies and maps have something to say. */
const context = (name: string, index: number): Placed => {
  const upstream = CONTEXTS[index - 1];
  return written(boundedContextKind, name, {
    version: '1.0.0',
    image: `cadastre/${name}:1.0.0`,
    publishes: eventsOf(name).map((type) => ({ type, subjectKind: 'subject', schema })),
    upstreams:
      upstream === undefined
        ? []
        : [
            {
              context: upstream,
              relation: 'Conformist',
              via: 'rest',
              consumes: eventsOf(upstream).map((type) => ({ type, reads: schema })),
            },
          ],
  });
};

/** What is there before any tenant. */
export const landscape: readonly Placed[] = [
  ...CONTEXTS.map(context),
  written(planKind, PLAN, {
    contexts: CONTEXTS,
    isolation: 'Dedicated',
    quotas: { replicas: 2, cpu: '4', memory: '8Gi', storage: '10Gi' },
  }),
];

/** `tenant-0042`: also the name of its cell. */
export const tenantNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `tenant-${`${index}`.padStart(4, '0')}`);

export const tenant = (name: string): Placed =>
  written(tenantKind, name, { displayName: `The tenant ${name}`, owner: 'ops@tenant.example' });

export const subscription = (name: string): Placed =>
  written(subscriptionKind, `${name}-${PLAN}`, { tenant: name, plan: PLAN });

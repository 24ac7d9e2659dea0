import { z } from 'zod';
import type { KubeObject } from '../engine/kube-object.ts';
import { dnsLabel, kind, messageColumn, nameIsDnsLabel, readyColumns, statusBase } from './common.ts';
import { immutable } from './rules.ts';

export const subscriptionSpec = z.object({
  tenant: immutable(
    dnsLabel(30),
    'the tenant of a subscription cannot change: delete this one and make another',
  ).describe('The name of the Tenant. It cannot change.'),
  plan: dnsLabel(63).describe('The name of the Plan.'),
  suspended: z
    .boolean()
    .default(false)
    .describe('Takes the contexts of the plan from the tenant for as long as it is true; data stays.'),
});

export const subscriptionStatus = z.object({
  ...statusBase,
  cell: z.string().optional().describe('The Cell that runs the contexts of the plan for the tenant.'),
});

export type SubscriptionSpec = z.output<typeof subscriptionSpec>;
export type Subscription = KubeObject & {
  readonly spec: SubscriptionSpec;
  readonly status?: z.output<typeof subscriptionStatus>;
};

export const subscriptionKind = kind({
  kind: 'Subscription',
  plural: 'subscriptions',
  shortNames: ['sub'],
  description: 'A tenant’s subscription to a plan: its cell runs the contexts of the plan.',
  spec: subscriptionSpec,
  status: subscriptionStatus,
  columns: [
    { name: 'Tenant', type: 'string', jsonPath: '.spec.tenant' },
    { name: 'Plan', type: 'string', jsonPath: '.spec.plan' },
    { name: 'Cell', type: 'string', jsonPath: '.status.cell' },
    ...readyColumns,
    { name: 'Standing', type: 'string', jsonPath: '.status.conditions[?(@.type=="Standing")].status' },
    { name: 'Suspended', type: 'boolean', jsonPath: '.spec.suspended', priority: 1 },
    messageColumn,
  ],
  selectable: ['.spec.tenant', '.spec.plan', '.spec.suspended'],
  rules: [nameIsDnsLabel(63, 'acme-starter')],
});

import { z } from 'zod';
import type { KubeObject } from '../engine/kube-object.ts';
import { kind, messageColumn, nameIsDnsLabel, readyColumns, statusBase } from './common.ts';
import { matching } from './rules.ts';

export const tenantSpec = z.object({
  displayName: z.string().min(1).max(200).describe('The name of the tenant for people.'),
  owner: matching(
    /^[^@\s]+@[^@\s]+$/,
    'write the mail address of whoever answers for the tenant, such as ops@acme.example',
    320,
  ).describe('Who answers for the tenant: a mail address.'),
  suspended: z
    .boolean()
    .default(false)
    .describe('Scales its dedicated cell to zero, or takes it off its cell’s map; data stays.'),
  deletionPolicy: z
    .enum(['Delete', 'Retain'])
    .default('Delete')
    .describe('Whether the tenant’s databases go when it is deleted.'),
});

export const tenantStatus = z.object({
  ...statusBase,
  id: z.string().optional().describe('The permanent id: its name and eight characters of its UID.'),
  cell: z.string().optional().describe('The Cell that it was placed in, for ever.'),
  endpoints: z.record(z.string(), z.string()).optional().describe('URL within the cluster, by context.'),
});

export type TenantSpec = z.output<typeof tenantSpec>;
export type Tenant = KubeObject & {
  readonly spec: TenantSpec;
  readonly status?: z.output<typeof tenantStatus>;
};

export const tenantKind = kind({
  kind: 'Tenant',
  plural: 'tenants',
  shortNames: [],
  description: 'A customer of the platform. Its subscriptions say what runs for it.',
  spec: tenantSpec,
  status: tenantStatus,
  columns: [
    { name: 'Id', type: 'string', jsonPath: '.status.id' },
    { name: 'Cell', type: 'string', jsonPath: '.status.cell' },
    { name: 'Suspended', type: 'boolean', jsonPath: '.spec.suspended' },
    ...readyColumns,
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner', priority: 1 },
    messageColumn,
  ],
  selectable: ['.spec.suspended'],
  rules: [
    nameIsDnsLabel(30, 'acme-trading'),
    {
      // A dedicated cell is named after its tenant: with one of these it would share databases (`cadastre-relay`) or
      // a namespace (`cadastre-system`) with the platform.
      rule: "!self.metadata.name.matches('^(cadastre|platform|system|pool-[0-9]+)$')",
      message:
        'cadastre, platform, system and pool-1, pool-2 … are names of the platform itself: write another, such as acme-trading',
      reason: 'FieldValueForbidden',
      fieldPath: '.metadata.name',
    },
  ],
});

/** The permanent id of a tenant: never another tenant’s, even when a name is used again. */
export const tenantIdOf = ({ metadata: { name, uid = '' } }: KubeObject): string =>
  `${name}-${uid.slice(0, 8)}`;

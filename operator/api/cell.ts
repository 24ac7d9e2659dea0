import { z } from 'zod';
import type { KubeObject } from '../engine/kube-object.ts';
import {
  bytes,
  cpu,
  dnsLabel,
  kind,
  messageColumn,
  nameIsDnsLabel,
  readyColumns,
  statusBase,
} from './common.ts';
import { immutable, keyedBy, withRules } from './rules.ts';

const quotas = z.object({
  replicas: z.int().min(1).max(50).optional().describe('Of each context, at the most.'),
  cpu: cpu.optional().describe('Cores of all pods together, or thousandths of one: 250m.'),
  memory: bytes.optional().describe('Memory of all pods together, with its unit.'),
  storage: bytes.optional().describe('Of all volume claims together, with its unit.'),
});

export const cellSpec = z.object({
  isolation: immutable(
    z.enum(['Pooled', 'Dedicated']),
    'the isolation of a cell cannot change: its tenants would have to move, which is not supported',
  ).describe('Pooled: for several tenants. Dedicated: for the tenant of its name. It cannot change.'),
  namespace: withRules(
    immutable(
      dnsLabel(63),
      'the namespace of a cell cannot change: its pods would stay behind; delete the cell and make another',
    ),
    {
      rule: "self != 'default' && !self.startsWith('kube-')",
      message: 'namespaces of Kubernetes itself hold no cell: write another, such as cadastre-pool-1',
      reason: 'FieldValueForbidden',
    },
  ).describe('Made by the operator; one that is already there is never adopted. It cannot change.'),
  capacity: z.int().min(1).max(10_000).default(50).describe('How many tenants a pooled cell takes.'),
  quotas: quotas
    .default({})
    .describe("Of the whole cell. What is left out is the largest in its tenants' plans, and follows them."),
  rotateSecretsAt: z
    .string()
    .max(100)
    .optional()
    .describe('Change this text to have all credentials of the cell made anew.'),
});

const tenantInCell = z.object({
  name: z.string().describe('The name of the Tenant.'),
  id: z.string().describe('The permanent id of the tenant.'),
  contexts: z.array(z.string()).describe('The contexts that its plans give it.'),
});

const contextInCell = z.object({
  name: z.string().describe('The name of the BoundedContext.'),
  version: z.string().describe('The version that runs.'),
  image: z.string().describe('The image that runs.'),
  refusedImage: z
    .string()
    .optional()
    .describe('The image that did not become ready and was taken back; it is not tried again.'),
  fallback: z
    .object({
      version: z.string().describe('The version that became ready last.'),
      image: z.string().describe('Its image.'),
    })
    .optional()
    .describe('What it goes back to when the version that runs does not become ready.'),
  ready: z.boolean().describe('Whether its pods are ready.'),
});

/** Tenants and contexts are not said in the spec: they follow from tenants, subscriptions and plans. */
export const cellStatus = z.object({
  ...statusBase,
  tenants: keyedBy(z.array(tenantInCell).optional(), 'name').describe('The tenants that live here.'),
  contexts: keyedBy(z.array(contextInCell).optional(), 'name').describe('The contexts that run here.'),
  databases: z
    .array(z.string())
    .optional()
    .describe('The databases that its contexts have had. They stay when a context leaves the plans.'),
});

export type CellSpec = z.output<typeof cellSpec>;
export type Cell = KubeObject & { readonly spec: CellSpec; readonly status?: z.output<typeof cellStatus> };

export const cellKind = kind({
  kind: 'Cell',
  plural: 'cells',
  shortNames: [],
  description:
    'The unit of deployment, made by the operator: the contexts of one tenant or of a pool of them.',
  spec: cellSpec,
  status: cellStatus,
  columns: [
    { name: 'Isolation', type: 'string', jsonPath: '.spec.isolation' },
    { name: 'Namespace', type: 'string', jsonPath: '.spec.namespace' },
    ...readyColumns,
    { name: 'Capacity', type: 'integer', jsonPath: '.spec.capacity', priority: 1 },
    messageColumn,
  ],
  selectable: ['.spec.isolation'],
  rules: [nameIsDnsLabel(30, 'pool-1')],
});

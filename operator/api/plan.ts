import { z } from 'zod';
import type { KubeObject } from '../engine/kube-object.ts';
import {
  bytes,
  contextName,
  cpu,
  kind,
  messageColumn,
  nameIsDnsLabel,
  readyColumns,
  statusBase,
} from './common.ts';
import { aSet, immutable, matches, matching, withRules } from './rules.ts';

const METER = /^[a-z][a-z0-9-]{0,39}$/;
const meterSays = 'name each meter in lower-case letters, digits and hyphens, such as requests';

const minorUnits = z.int().min(0);

const byMeter = withRules(
  z.record(z.string().regex(METER, meterSays), minorUnits).meta({ maxProperties: 50 }),
  { rule: `self.all(meter, ${matches('meter', METER)})`, message: meterSays },
);

const quotas = z.object({
  requestsPerSecond: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(50)
    .describe('Calls of its APIs that a tenant may make in a second.'),
  replicas: z.int().min(1).max(50).default(2).describe('Of each context, at the most.'),
  cpu: cpu.default('4').describe('Cores of all pods together, or thousandths of one: 250m.'),
  memory: bytes.default('8Gi').describe('Memory of all pods together, with its unit.'),
  storage: bytes.default('10Gi').describe('Of all volume claims together, with its unit.'),
});

const prices = z.object({
  currency: matching(
    /^[A-Z]{3}$/,
    'write the three capital letters of a currency as in ISO 4217, such as EUR',
  ).describe('ISO 4217: EUR.'),
  basePerMonth: minorUnits.describe('In minor units of the currency.'),
  perUnit: byMeter.default({}).describe('In minor units, by meter.'),
  included: byMeter.default({}).describe('Units of each month that cost nothing, by meter.'),
  trialDays: z
    .int()
    .min(0)
    .max(3_650)
    .default(0)
    .describe('Days from the start of a subscription that cost no base fee.'),
});

const overdraft = z.object({
  amount: minorUnits.default(0).describe('In minor units: how far below zero the balance may go.'),
  grace: matching(
    /^P([0-9]{1,4}D|([0-9]{1,4}D)?T[0-9]{1,4}H)$/,
    'write an ISO 8601 duration in days and hours, such as P3D, PT12H or P1DT12H',
  )
    .default('P0D')
    .describe(
      'How long the balance may stay below that before the account is locked, as an ISO 8601 duration.',
    ),
});

export const planSpec = withRules(
  z.object({
    displayName: z.string().max(200).optional().describe('The name of the plan for people.'),
    contexts: aSet(
      z.array(contextName).min(1).max(50),
      'list each context once: remove the ones that are there already',
    ).describe('The contexts that a tenant on this plan has.'),
    isolation: immutable(
      z.enum(['Pooled', 'Dedicated']).default('Pooled'),
      'the isolation of a plan cannot change, since its tenants would have to move: write a Plan of another name with the other isolation, for new tenants',
    ).describe('Pooled: tenants share cells. Dedicated: a cell for each tenant. It cannot change.'),
    quotas: quotas
      .default({ requestsPerSecond: 50, replicas: 2, cpu: '4', memory: '8Gi', storage: '10Gi' })
      .describe('What a tenant, or a pooled cell of them, may use; of several plans the largest of each.'),
    prices: prices.optional().describe('What a subscription costs; without them it costs nothing.'),
    overdraft: overdraft
      .default({ amount: 0, grace: 'P0D' })
      .describe('When an account whose balance is below zero is locked.'),
  }),
  {
    rule: "has(self.prices) || (self.overdraft.amount == 0 && self.overdraft.grace == 'P0D')",
    message:
      'an overdraft needs prices to run up: write prices with currency and basePerMonth (which may be 0), or leave overdraft out',
    reason: 'FieldValueRequired',
    fieldPath: '.prices',
  },
);

export const planStatus = z.object({
  ...statusBase,
  subscriptions: z.int().min(0).optional().describe('How many subscriptions there are to this plan.'),
});

export type PlanSpec = z.output<typeof planSpec>;
export type Plan = KubeObject & { readonly spec: PlanSpec; readonly status?: z.output<typeof planStatus> };

export const planKind = kind({
  kind: 'Plan',
  plural: 'plans',
  shortNames: [],
  description: 'What a tenant can subscribe to: contexts, isolation, quotas, prices.',
  spec: planSpec,
  status: planStatus,
  columns: [
    { name: 'Isolation', type: 'string', jsonPath: '.spec.isolation' },
    { name: 'Subscriptions', type: 'integer', jsonPath: '.status.subscriptions' },
    ...readyColumns,
    { name: 'Contexts', type: 'string', jsonPath: '.spec.contexts', priority: 1 },
    messageColumn,
  ],
  selectable: ['.spec.isolation'],
  rules: [nameIsDnsLabel(63, 'starter')],
});

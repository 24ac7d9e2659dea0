import { z } from 'zod';
import type { Resource } from '../engine/resource.ts';
import { keyedBy, matching, nameMatches, type Rule } from './rules.ts';

export const GROUP = 'cadastre.dev';
export const VERSION = 'v1alpha1';

/** A kind of this group: what the CustomResourceDefinition needs beside the schemas. */
export type Kind = Resource & {
  /** Beside the plural and the singular, which is the kind in lower case. */
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  /** Columns of `kubectl get`, before the age. */
  readonly columns: readonly Column[];
  /** CEL rules over the whole object, beside those in the schemas. */
  readonly rules?: readonly Rule[];
  /** Fields that `kubectl get --field-selector` knows: `.spec.tenant`. */
  readonly selectable?: readonly string[];
};

export type Column = {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly jsonPath: string;
  /** 1 shows it only with `-o wide`. */
  readonly priority?: number;
};

export const kind = (definition: Omit<Kind, 'group' | 'version' | 'namespaced'>): Kind => ({
  group: GROUP,
  version: VERSION,
  namespaced: false,
  ...definition,
});

/** The condition that users wait for, and why it is as it is. */
export const readyColumns: readonly Column[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
];
export const messageColumn: Column = {
  name: 'Message',
  type: 'string',
  jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  priority: 1,
};

const generation = z.int().min(0);

export const conditionSchema = z.object({
  type: z.string().describe('What is so or not so: Ready.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it is so.'),
  reason: z.string().describe('Why, in one CamelCase word that does not change between versions.'),
  message: z.string().describe('Why, in a sentence, and what to do about it.'),
  observedGeneration: generation.optional().describe('The generation of the spec that this is about.'),
  lastTransitionTime: z
    .string()
    .meta({ format: 'date-time' })
    .optional()
    .describe('When the status last changed from one value to another.'),
});

export const statusBase = {
  observedGeneration: generation.optional().describe('The generation of the spec that this status is about.'),
  conditions: keyedBy(z.array(conditionSchema).default([]), 'type').describe(
    'What is so, and why; Ready sums it up.',
  ),
};

const dnsLabelOf = (maxLength: number) => new RegExp(`^[a-z0-9]([-a-z0-9]{0,${maxLength - 2}}[a-z0-9])?$`);

/** A DNS label, so that it can be part of a namespace, a database and a host name. */
export const dnsLabel = (maxLength = 63) =>
  matching(
    dnsLabelOf(maxLength),
    `write at most ${maxLength} lower-case letters, digits and hyphens, a letter or digit first and last`,
  );

/** The same of an object's own name. */
export const nameIsDnsLabel = (maxLength: number, example: string): Rule =>
  nameMatches(
    dnsLabelOf(maxLength),
    `write a name of at most ${maxLength} lower-case letters, digits and hyphens, a letter or digit first and last, such as ${example}`,
  );

/**
 * With a tenant's name before it, a context's name makes the database, its user and the Redis prefix
 * (`acme-trading-ordering`). It has no hyphen, so that no two pairs make the same one, and MongoDB's limit of 63
 * bytes leaves it 32 beside the 30 of a tenant. As a Service's name it starts with a letter.
 */
export const CONTEXT_NAME = /^[a-z][a-z0-9]{0,31}$/;
export const contextNameSays = 'write one word of at most 32 lower-case letters and digits, such as ordering';
export const contextName = matching(CONTEXT_NAME, contextNameSays);

/** A Kubernetes quantity: `250m`, `1`, `512Mi`. */
export const quantity = matching(
  /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
  "write a quantity in quotes, such as '2', 250m or 512Mi",
);

/** Above zero, and without the units of sizes: `2`, `0.5`, `250m`. */
export const cpu = matching(
  /^([1-9][0-9]*(m|\.[0-9]+)?|0\.[0-9]*[1-9][0-9]*)$/,
  "write how many cores, or thousandths of one: '2', '0.5' or 250m",
);

/** Above zero, and with a unit, since `512` and `512m` are hardly ever meant. */
export const bytes = matching(
  /^([1-9][0-9]*(\.[0-9]+)?|0\.[0-9]*[1-9][0-9]*)(k|M|G|T|Ki|Mi|Gi|Ti)$/,
  'write a size with its unit: 512Mi or 8Gi',
);

/** `ordering.order-placed.v1` */
export const eventType = matching(
  /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v[1-9][0-9]*$/,
  'write context, event in the past tense and version, such as ordering.order-placed.v1',
  120,
);

/** A JSON Schema as zod writes it; Kubernetes keeps it as it is, and one applier owns it whole. */
export const jsonSchema = z.looseObject({}).meta({ 'x-kubernetes-map-type': 'atomic' });
export type JsonSchema = Readonly<Record<string, unknown>>;

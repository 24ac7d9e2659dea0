import { z } from 'zod';
import type { KubeObject } from '../engine/kube-object.ts';
import {
  bytes,
  CONTEXT_NAME,
  contextName,
  contextNameSays,
  cpu,
  dnsLabel,
  eventType,
  jsonSchema,
  kind,
  messageColumn,
  readyColumns,
  statusBase,
} from './common.ts';
import { keyedBy, matching, nameMatches, withRules } from './rules.ts';

const publishes = keyedBy(
  z
    .array(
      z.object({
        type: eventType.describe('The name of the event on the wire: ordering.order-placed.v1.'),
        subjectKind: dnsLabel(40).describe('What the event is about: order.'),
        schema: jsonSchema.describe('JSON Schema of the data.'),
      }),
    )
    .max(200)
    .default([]),
  'type',
  'publish each event type once: leave one of those that are the same, or give the other the next version',
).describe('The published language: every event that others may read.');

const consumes = keyedBy(
  z
    .array(
      z.object({
        type: eventType.describe('An event type that the upstream publishes.'),
        reads: jsonSchema.describe('JSON Schema of the part of the data that is read.'),
      }),
    )
    .max(100)
    .default([]),
  'type',
).describe('The events that it asks this upstream for.');

const upstream = withRules(
  z.object({
    context: contextName.describe('The name of the BoundedContext that this one depends on.'),
    relation: z
      .enum(['CustomerSupplier', 'Conformist', 'AnticorruptionLayer', 'Partnership', 'OpenHostService'])
      .describe('How this context stands to it. A Partnership is declared on both sides.'),
    via: z
      .enum(['events', 'rest'])
      .default('events')
      .describe('rest: its pods may also call the API of the upstream.'),
    start: z
      .enum(['now', 'retained', 'snapshot'])
      .default('retained')
      .describe(
        'Where it joins: at what happens from now on, at all events kept, or at a snapshot of each subject.',
      ),
    staleness: matching(
      /^P([0-9]{1,6}D|T[0-9]{1,6}[HMS])$/,
      'write an ISO 8601 duration of one unit, such as PT5S, PT10M or P1D',
    )
      .default('PT5S')
      .describe('How old what it knows of the upstream may be, as an ISO 8601 duration.'),
    consumes,
  }),
  {
    rule: "self.consumes.all(c, c.type.startsWith(self.context + '.'))",
    message: 'consume only event types of this upstream: they start with its name and a dot',
    messageExpression:
      "'consume only event types of this upstream: they start with ' + self.context + '. and others belong to the upstream that publishes them'",
    fieldPath: '.consumes',
  },
);

const released = {
  version: matching(
    /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    'write a version that can be a label, such as 1.4.0: at most 63 letters, digits, dots, hyphens and underscores',
  ).describe('The version of the context, as its context.ts says.'),
  image: matching(
    /^[a-z0-9][A-Za-z0-9._:@/-]*$/,
    'write an image reference, such as registry.example.com/shop/ordering:1.4.0',
    300,
  ).describe('The image that runs it.'),
  scope: z
    .enum(['Platform', 'Tenant'])
    .default('Tenant')
    .describe('Platform: one deployment for the landscape. Tenant: one per cell. It cannot change.'),
  frontDoor: z
    .boolean()
    .optional()
    .describe('It lets people in from outside and signs for who they are. Of scope Platform only.'),
  publishes,
  upstreams: keyedBy(
    z.array(upstream).max(50).default([]),
    'context',
    'list each upstream once: put all that is consumed of a context under one entry',
  ).describe('The contexts that this one depends on, and how.'),
  resources: z
    .object({
      cpu: cpu.default('50m').describe('Cores, or thousandths of one: 250m.'),
      memory: bytes.default('192Mi').describe('Bytes with a unit: 512Mi.'),
    })
    .default({ cpu: '50m', memory: '192Mi' })
    .describe('What one replica is given.'),
};

export const boundedContextSpec = withRules(
  z.object(released),
  {
    rule: 'self.scope == oldSelf.scope',
    message:
      'the scope of a context cannot change, since its databases would stay behind: delete this BoundedContext and make it anew, or make one of another name',
    reason: 'FieldValueForbidden',
    fieldPath: '.scope',
  },
  {
    rule: "!has(self.frontDoor) || !self.frontDoor || self.scope == 'Platform'",
    message:
      'a front door stands before all cells: write scope: Platform in a BoundedContext made anew, or leave frontDoor out',
    reason: 'FieldValueForbidden',
    fieldPath: '.frontDoor',
  },
);

const superseded = {
  version: released.version,
  image: released.image,
  publishes: released.publishes,
  upstreams: released.upstreams,
};

export const boundedContextStatus = z.object({
  ...statusBase,
  released: z
    .object(released)
    .optional()
    .describe('The last spec that fitted the map: cells run this, not the spec.'),
  superseded: z
    .array(z.object(superseded))
    .optional()
    .describe('What was released before and some cell still runs, or may go back to: it too must fit.'),
});

export type BoundedContextSpec = z.output<typeof boundedContextSpec>;
/** A version that was released before. */
export type Superseded = z.output<z.ZodObject<typeof superseded>>;

export type BoundedContext = KubeObject & {
  readonly spec: BoundedContextSpec;
  readonly status?: z.output<typeof boundedContextStatus>;
};

export const boundedContextKind = kind({
  kind: 'BoundedContext',
  plural: 'boundedcontexts',
  shortNames: ['bc'],
  description:
    'One bounded context of the landscape: what it runs, what it publishes and whom it depends on.',
  spec: boundedContextSpec,
  status: boundedContextStatus,
  columns: [
    { name: 'Version', type: 'string', jsonPath: '.spec.version' },
    { name: 'Released', type: 'string', jsonPath: '.status.released.version' },
    { name: 'Scope', type: 'string', jsonPath: '.spec.scope' },
    ...readyColumns,
    { name: 'Image', type: 'string', jsonPath: '.spec.image', priority: 1 },
    messageColumn,
  ],
  selectable: ['.spec.scope'],
  rules: [
    nameMatches(CONTEXT_NAME, contextNameSays),
    {
      rule: "self.spec.publishes.all(p, p.type.startsWith(self.metadata.name + '.'))",
      message: 'publish only event types of your own: they start with the name of the context and a dot',
      messageExpression:
        "'publish only event types of your own: they start with ' + self.metadata.name + '. and name what happened there'",
      fieldPath: '.spec.publishes',
    },
    {
      rule: 'self.spec.upstreams.all(u, u.context != self.metadata.name)',
      message:
        'a context is no upstream of itself: remove it from the list, its own events are its own state',
      reason: 'FieldValueForbidden',
      fieldPath: '.spec.upstreams',
    },
  ],
});

import { apiVersionOf, nameOf } from '../engine/resource.ts';
import type { Column, Kind } from './common.ts';
import { RULES } from './rules.ts';
import { type StructuralSchema, structuralSchema, withoutRules } from './structural-schema.ts';

const AGE: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** The CustomResourceDefinition with which the API server serves, checks, defaults and explains a kind. */
export const customResourceDefinition = (kind: Kind) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: nameOf(kind) },
  spec: {
    group: kind.group,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    names: {
      kind: kind.kind,
      listKind: `${kind.kind}List`,
      plural: kind.plural,
      singular: kind.kind.toLowerCase(),
      ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
      categories: ['cadastre'],
    },
    versions: [version(kind)],
  },
});

const version = (kind: Kind) => ({
  name: kind.version,
  served: true,
  storage: true,
  subresources: { status: {} },
  additionalPrinterColumns: [...kind.columns, AGE],
  ...(kind.selectable && { selectableFields: kind.selectable.map((jsonPath) => ({ jsonPath })) }),
  schema: { openAPIV3Schema: wholeObject(kind) },
});

const wholeObject = (kind: Kind): StructuralSchema => ({
  description: kind.description,
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: { description: apiVersionOf(kind), type: 'string' },
    kind: { description: kind.kind, type: 'string' },
    metadata: metadata(),
    spec: { description: 'What is asked for.', ...structuralSchema(kind.spec) },
    status: {
      description: 'What the operator made of it; it alone writes here.',
      ...withoutRules(structuralSchema(kind.status)),
    },
  },
  ...(kind.rules && { [RULES]: kind.rules }),
});

/** Kubernetes' own limits, repeated so that the cost of rules over the name is known to be small. */
const metadata = (): StructuralSchema => ({
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 253 },
    generateName: { type: 'string', maxLength: 253 },
  },
});

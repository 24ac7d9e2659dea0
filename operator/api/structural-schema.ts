import { z } from 'zod';
import { matches, RULES, type Rule, rulesOf } from './rules.ts';

/** A schema as CustomResourceDefinitions take it: OpenAPI 3.0 less what the API server refuses. */
export type StructuralSchema = {
  readonly type: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly pattern?: string;
  readonly [RULES]?: readonly Rule[];
  readonly [keyword: string]: unknown;
};

/** What is passed on as it stands, in the order in which a reader wants it. */
const KEPT = [
  'description',
  'type',
  'format',
  'nullable',
  'enum',
  'default',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  RULES,
];
const BELOW = ['properties', 'items', 'additionalProperties'];
const known = new Set([...KEPT, ...BELOW, 'propertyNames']);

type Json = z.core.JSONSchema.BaseSchema;

/**
 * What `kubectl` writes and the API server checks, fills in and explains, from a zod schema.
 * @throws Error that names the field when the schema says something that the API server does not understand, so
 *   that `npm run generate` fails and not the cluster.
 */
export const structuralSchema = (schema: z.ZodType): StructuralSchema =>
  convert(z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' }), '');

/** The same without rules: of what the operator alone writes, from what was checked before. */
export const withoutRules = ({ [RULES]: _, ...schema }: StructuralSchema): StructuralSchema =>
  mapBelow(schema as StructuralSchema, withoutRules);

const convert = (json: Json, path: string): StructuralSchema => {
  refuseUnknown(json, path);
  if (isFree(json)) {
    const { properties: _, additionalProperties: __, ...rest } = json;
    return { ...kept(rest), type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  }
  const below = BELOW.filter((keyword) => json[keyword] !== undefined && json[keyword] !== false);
  const converted = {
    ...kept(withoutSpokenPattern(json)),
    ...Object.fromEntries(below.map((k) => [k, json[k]])),
  };
  return mapBelow(converted as StructuralSchema, (child, name) => convert(child as Json, `${path}.${name}`));
};

/** `z.looseObject({})`: any object, kept as it is. */
const isFree = ({ additionalProperties, properties = {} }: Json): boolean =>
  typeof additionalProperties === 'object' &&
  Object.keys(additionalProperties).length === 0 &&
  Object.keys(properties).length === 0;

const kept = (json: Json): Record<string, unknown> =>
  Object.fromEntries(
    KEPT.flatMap((keyword) => (json[keyword] === undefined ? [] : [[keyword, json[keyword]]])),
  );

/** A rule that says the same in a sentence replaces the pattern, or there would be two answers. */
const withoutSpokenPattern = (json: Json): Json => {
  const { pattern, ...rest } = json;
  const isSpoken =
    pattern !== undefined && rulesOf(json).some(({ rule }) => rule === matches('self', new RegExp(pattern)));
  return isSpoken ? rest : json;
};

const mapBelow = (
  schema: StructuralSchema,
  map: (child: StructuralSchema, name: string) => StructuralSchema,
): StructuralSchema => {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, map(child, name)]),
      ),
    }),
    ...(items && { items: map(items, '[]') }),
    ...(additionalProperties && { additionalProperties: map(additionalProperties, '*') }),
  };
};

/** Go's regular expressions have neither look-around nor back references. */
const isBeyondRe2 = /\(\?<?[=!]|\\[1-9]|\\k</;

const refuseUnknown = (json: Json, path: string): void => {
  const where = path === '' ? 'the schema' : path;
  const unknown = Object.keys(json).filter((keyword) => !known.has(keyword));
  if (unknown.length > 0 || json.type === undefined)
    throw new Error(
      `${where} has ${unknown.join(', ') || 'no type'}, which a CustomResourceDefinition cannot have; say it with a CEL rule or plainer types`,
    );
  const patterns = [json.pattern ?? '', ...rulesOf(json).map(({ rule }) => rule)];
  if (patterns.some((pattern) => isBeyondRe2.test(pattern)))
    throw new Error(
      `${where} has a pattern that RE2 does not know: write it without look-around and references`,
    );
};

import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from './comparison.ts';
import { UNRESOLVED } from './flatten.ts';
import {
  isAnnotation,
  isKeywords,
  isSchema,
  isSchemaMap,
  isSchemas,
  isTexts,
  type Keywords,
} from './keywords.ts';
import { type Kind, typesAt } from './kinds.ts';
import { differs, type Misfit, undecided } from './misfit.ts';
import { kindsIn, type Produced, valuesOf } from './produced.ts';

const isNumber = (value: unknown): boolean => typeof value === 'number';

/** The keywords that other rules compare, and what they must hold to be understood there. */
const UNDERSTOOD: Record<string, (value: unknown) => boolean> = {
  $ref: (value) => typeof value === 'string',
  type: (value) => typesAt({ type: value }) !== undefined,
  enum: Array.isArray,
  const: () => true,
  allOf: isSchemas,
  anyOf: isSchemas,
  oneOf: isSchemas,
  minLength: isNumber,
  maxLength: isNumber,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isNumber,
  properties: isSchemaMap,
  required: isTexts,
  additionalProperties: isSchema,
  propertyNames: isSchema,
  items: isSchema,
  prefixItems: isSchemas,
  minItems: isNumber,
  maxItems: isNumber,
};

/** Keywords that mean the same wherever they stand and concern one kind of value: equal on both sides is enough. */
const CONCERNS: Record<string, Kind> = {
  pattern: 'string',
  format: 'string',
  contentEncoding: 'string',
  contentMediaType: 'string',
  uniqueItems: 'array',
  minProperties: 'object',
  maxProperties: 'object',
  dependentRequired: 'object',
  patternProperties: 'object',
};

const shown = (keyword: string, value: unknown): string =>
  value === undefined
    ? `with no ${keyword}`
    : `with ${keyword} ${isKeywords(value) ? JSON.stringify(value) : value}`;

/** What no other rule knows: it fits when the producer says the same, and cannot be decided when it does not. */
export const compareOthers = (comparison: Comparison): Misfit[] =>
  Object.entries(comparison.read)
    .filter(([keyword]) => !isAnnotation(keyword))
    .flatMap(([keyword, value]) => compareOther(comparison, keyword, value));

const compareOther = (comparison: Comparison, keyword: string, value: unknown): Misfit[] => {
  const { produced, path } = comparison;
  const isUnderstood = UNDERSTOOD[keyword];
  if (isUnderstood?.(value)) return [];
  if (keyword === UNRESOLVED)
    return [undecided(path, 'in full', `by the reference ${value}, which cannot be followed`)];
  const kind = CONCERNS[keyword];
  if (kind !== undefined) return kindsIn(produced).has(kind) ? compareEqual(comparison, keyword, value) : [];
  return [undecided(path, 'otherwise', shown(keyword, value))];
};

const compareEqual = ({ produced, path }: Comparison, keyword: string, value: unknown): Misfit[] => {
  const isKept = produced.some((node) => isDeepStrictEqual(node[keyword], value)) && !refersElsewhere(value);
  if (isKept || (keyword === 'uniqueItems' && value === false)) return [];
  const own = produced.map((node: Keywords) => node[keyword]).find((one) => one !== undefined);
  const says = [path, shown(keyword, own), shown(keyword, value)] as const;
  return [isFreeOf(produced, keyword) ? differs(...says) : undecided(...says)];
};

/** The same reference may lead to different places. */
const refersElsewhere = (value: unknown): boolean => JSON.stringify(value).includes('"$ref"');

/** Nothing in what is published keeps to what the keyword would say, not even in other words. */
const isFreeOf = (produced: Produced, keyword: string): boolean =>
  ['format', 'pattern', 'uniqueItems'].includes(keyword) &&
  valuesOf(produced) === undefined &&
  !produced.some((node) => [keyword, 'format', 'pattern'].some((one) => Object.hasOwn(node, one)));

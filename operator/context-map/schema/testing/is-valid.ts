import { isDeepStrictEqual } from 'node:util';
import { flatten } from '../flatten.ts';
import {
  type Keywords,
  numberAt,
  type Schema,
  schemaAt,
  schemaMapAt,
  schemasAt,
  textsAt,
} from '../keywords.ts';
import { kindOf, kindsOf } from '../kinds.ts';

/** JSON Schema's own meaning of what the arbitraries write; independent of how schemas are compared. */
export const isValid = (schema: Schema, value: unknown, root: Schema = schema): boolean => {
  const top = typeof root === 'boolean' ? {} : root;
  return flatten(schema, top).every((node) => TESTS.every((test) => test(node, value, top)));
};

type Test = (node: Keywords, value: unknown, root: Keywords) => boolean;

const bounded = (node: Keywords, [least, most]: readonly [string, string], size: number): boolean =>
  size >= (numberAt(node, least) ?? size) && size <= (numberAt(node, most) ?? size);

const TESTS: readonly Test[] = [
  (node, value) => kindsOf([node]).has(kindOf(value)),
  (node, value) =>
    !Array.isArray(node['enum']) || node['enum'].some((one: unknown) => isDeepStrictEqual(one, value)),
  (node, value) => !Object.hasOwn(node, 'const') || isDeepStrictEqual(node['const'], value),
  (node, value) =>
    typeof value !== 'string' ||
    (bounded(node, ['minLength', 'maxLength'], [...value].length) &&
      (typeof node['pattern'] !== 'string' || new RegExp(node['pattern'], 'u').test(value))),
  (node, value) =>
    typeof value !== 'number' ||
    (bounded(node, ['minimum', 'maximum'], value) &&
      value > (numberAt(node, 'exclusiveMinimum') ?? Number.NEGATIVE_INFINITY) &&
      value < (numberAt(node, 'exclusiveMaximum') ?? Number.POSITIVE_INFINITY) &&
      value % (numberAt(node, 'multipleOf') ?? (value || 1)) === 0),
  (node, value, root) => !Array.isArray(value) || isValidArray(node, value, root),
  (node, value, root) => kindOf(value) !== 'object' || isValidObject(node, value as Keywords, root),
  (node, value, root) => {
    const anyOf = schemasAt(node, 'anyOf');
    return anyOf.length === 0 || anyOf.some((one) => isValid(one, value, root));
  },
  (node, value, root) => {
    const oneOf = schemasAt(node, 'oneOf');
    return oneOf.length === 0 || oneOf.filter((one) => isValid(one, value, root)).length === 1;
  },
];

const isValidArray: (node: Keywords, value: readonly unknown[], root: Keywords) => boolean = (
  node,
  value,
  root,
) => {
  const prefix = schemasAt(node, 'prefixItems');
  const rest = schemaAt(node, 'items') ?? true;
  return (
    bounded(node, ['minItems', 'maxItems'], value.length) &&
    (node['uniqueItems'] !== true ||
      new Set(value.map((one) => JSON.stringify(one))).size === value.length) &&
    value.every((one, index) => isValid(prefix[index] ?? rest, one, root))
  );
};

const isValidObject = (node: Keywords, value: Keywords, root: Keywords): boolean => {
  const listed = schemaMapAt(node, 'properties');
  const others = schemaAt(node, 'additionalProperties') ?? true;
  const names = schemaAt(node, 'propertyNames') ?? true;
  return (
    textsAt(node, 'required').every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(
      ([name, one]) => isValid(names, name, root) && isValid(listed.get(name) ?? others, one, root),
    )
  );
};

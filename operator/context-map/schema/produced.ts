import { isDeepStrictEqual } from 'node:util';
import { flatten, UNRESOLVED } from './flatten.ts';
import {
  isTrivial,
  type Keywords,
  numberAt,
  type Schema,
  schemaAt,
  schemaMapAt,
  textsAt,
} from './keywords.ts';
import { type Kind, kindOf, kindsOf } from './kinds.ts';

/**
 * What is known of a produced value: it satisfies all of these schemas. Leaving one out is always safe, it only makes
 * more values possible.
 */
export type Produced = readonly Keywords[];

const saysNothing = (node: Keywords): boolean => isTrivial(node) || Object.hasOwn(node, UNRESOLVED);

/** Without what says nothing and what is said twice, so that the same description is found to be the same. */
export const described = (nodes: readonly Keywords[]): Produced => [
  ...new Set(nodes.filter((node) => !saysNothing(node))),
];

/** Undefined unless there are finitely many. Empty when there can be no value at all. */
export const valuesOf = (produced: Produced): readonly unknown[] | undefined => {
  const kinds = kindsOf(produced);
  const lists = produced.flatMap((node) => {
    if (Object.hasOwn(node, 'const')) return [[node['const']]];
    return Array.isArray(node['enum']) ? [node['enum'] as unknown[]] : [];
  });
  const [first, ...others] = lists.length > 0 ? lists : smallKinds(kinds);
  return first?.filter(
    (value) =>
      kinds.has(kindOf(value)) && others.every((list) => list.some((one) => isDeepStrictEqual(one, value))),
  );
};

/** The values of kinds that have only a few. */
const smallKinds = (kinds: ReadonlySet<Kind>): unknown[][] => {
  const isSmall = [...kinds].every((kind) => kind === 'boolean' || kind === 'null');
  if (!isSmall) return [];
  return [[...(kinds.has('boolean') ? [true, false] : []), ...(kinds.has('null') ? [null] : [])]];
};

/** The kinds that a produced value can be of. */
export const kindsIn = (produced: Produced): ReadonlySet<Kind> => {
  const values = valuesOf(produced);
  return values === undefined ? kindsOf(produced) : new Set(values.map(kindOf));
};

export const isImpossible = (produced: Produced): boolean => valuesOf(produced)?.length === 0;

/** The strictest of a keyword that demands at least so much, such as `minLength`. */
export const atLeast = (produced: Produced, keyword: string): number =>
  Math.max(...produced.map((node) => numberAt(node, keyword) ?? Number.NEGATIVE_INFINITY));

/** The strictest of a keyword that allows at most so much, such as `maxItems`. */
export const atMost = (produced: Produced, keyword: string): number =>
  Math.min(...produced.map((node) => numberAt(node, keyword) ?? Number.POSITIVE_INFINITY));

export const isRequired = (produced: Produced, name: string): boolean =>
  produced.some((node) => textsAt(node, 'required').includes(name));

export const propertyNames = (produced: Produced): ReadonlySet<string> =>
  new Set(produced.flatMap((node) => [...schemaMapAt(node, 'properties').keys()]));

/** What applies to properties that one schema does not list; unknown where it goes by patterns of names. */
const unlisted = (node: Keywords): Schema | undefined =>
  Object.hasOwn(node, 'patternProperties') ? undefined : schemaAt(node, 'additionalProperties');

const schemaOfProperty = (node: Keywords, name: string): Schema | undefined =>
  schemaMapAt(node, 'properties').get(name) ?? unlisted(node);

/** Whether the producer says anything of a property: it lists it, requires it, or has it as the key of a record. */
export const isPublished = (produced: Produced, name: string): boolean => {
  const schemas = produced.map((node) => schemaOfProperty(node, name));
  if (schemas.includes(false)) return false;
  if (isRequired(produced, name) || propertyNames(produced).has(name)) return true;
  return schemas.some((schema) => schema !== undefined && !isTrivial(schema));
};

const flattened = (schema: Schema | undefined, root: Keywords): Produced =>
  schema === undefined ? [] : flatten(schema, root);

export const property = (produced: Produced, name: string, root: Keywords): Produced =>
  produced.flatMap((node) => flattened(schemaOfProperty(node, name), root));

/** What is known of properties that no schema lists. */
export const otherProperties = (produced: Produced, root: Keywords): Produced =>
  produced.flatMap((node) => flattened(unlisted(node), root));

/** What is known of the names of properties. */
export const namesOfProperties = (produced: Produced, root: Keywords): Produced => [
  { type: 'string' },
  ...produced.flatMap((node) => flattened(schemaAt(node, 'propertyNames'), root)),
  ...produced
    .filter((node) => unlisted(node) === false)
    .map((node) => ({ enum: [...schemaMapAt(node, 'properties').keys()] })),
];

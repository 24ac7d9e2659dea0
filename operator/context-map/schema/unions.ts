import type { Comparison } from './comparison.ts';
import { isDisjoint } from './disjoint.ts';
import { flatten } from './flatten.ts';
import { type Keywords, type Schema, schemasAt, toKeywords } from './keywords.ts';
import { kindsText, typesAt } from './kinds.ts';
import { differs, type Misfit, undecided } from './misfit.ts';
import { kindsIn, type Produced, property, propertyNames, valuesOf } from './produced.ts';

/** More values than this are compared as a whole. */
const MAX_VALUES = 100;

export type Cases = { readonly cases: readonly Produced[]; readonly of: Keywords };

/**
 * The cases that what is published falls into, each a narrower description: by the first union, or by the first list of
 * types. Undefined when there is one case only. A schema that was taken apart before is left whole, as it could contain
 * itself.
 */
export const casesOf = (
  produced: Produced,
  root: Keywords,
  apart: ReadonlySet<Keywords>,
): Cases | undefined => {
  for (const [index, node] of produced.entries()) {
    const alternatives = apart.has(node) ? undefined : alternativesOf(node);
    if (alternatives === undefined) continue;
    const { rest, schemas } = alternatives;
    const cases = schemas.map((schema) => [...produced.toSpliced(index, 1, rest), ...flatten(schema, root)]);
    return { cases, of: node };
  }
  return undefined;
};

const alternativesOf = (node: Keywords): { rest: Keywords; schemas: readonly Schema[] } | undefined => {
  for (const keyword of ['anyOf', 'oneOf']) {
    const schemas = schemasAt(node, keyword);
    if (schemas.length > 0) return { rest: without(node, keyword), schemas };
  }
  const types = Array.isArray(node['type']) ? (typesAt(node) ?? []) : [];
  return types.length > 0
    ? { rest: without(node, 'type'), schemas: types.map((type) => ({ type })) }
    : undefined;
};

const without = (node: Keywords, keyword: string): Keywords =>
  Object.fromEntries(Object.entries(node).filter(([key]) => key !== keyword));

export const isUnion = (read: Keywords): boolean =>
  schemasAt(read, 'anyOf').length > 0 || schemasAt(read, 'oneOf').length > 0;

/** Against a union, each value that may be published can fall into an alternative of its own. */
export const casesByValue = (
  produced: Produced,
  read: Schema,
  apart: ReadonlySet<Keywords>,
): Cases | undefined => {
  const values = valuesOf(produced) ?? [];
  const union = toKeywords(read);
  const isSplit = values.length < 2 || values.length > MAX_VALUES || apart.has(union);
  if (isSplit || !isUnion(union)) return undefined;
  return { cases: values.map((value) => [...produced, { const: value }]), of: union };
};

/** The case by its tag: `with kind "express"`. */
const caseText = (produced: Produced, root: Keywords): string => {
  for (const name of propertyNames(produced)) {
    const [tag, ...others] = valuesOf(property(produced, name, root)) ?? [];
    if (tag !== undefined && others.length === 0) return `with ${name} ${JSON.stringify(tag)}`;
  }
  return `as ${kindsText(kindsIn(produced))}`;
};

/** `anyOf` and `oneOf`: one alternative must take everything that is published (in this case). */
export const compareUnion = (comparison: Comparison): Misfit[] => [
  ...compareAlternatives(comparison, 'anyOf'),
  ...compareAlternatives(comparison, 'oneOf'),
];

const compareAlternatives = (
  { produced, read, path, producedRoot, readRoot, within }: Comparison,
  keyword: 'anyOf' | 'oneOf',
): Misfit[] => {
  const all = schemasAt(read, keyword);
  if (all.length === 0) return [];
  const possible = all.filter((one) => !isDisjoint({ produced, producedRoot, readRoot }, one));
  const [first, ...others] = possible;
  if (first === undefined)
    return [differs(path, caseText(produced, producedRoot), `as one of ${all.length} others`)];
  if (others.length === 0) return within(produced, first, path);
  const isTaken = keyword === 'anyOf' && possible.some((one) => within(produced, one, path).length === 0);
  return isTaken
    ? []
    : [undecided(path, caseText(produced, producedRoot), `as one of ${possible.length} that overlap`)];
};

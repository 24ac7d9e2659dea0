import { flatten } from '../flatten.ts';
import { type Keywords, type Schema, schemaAt, schemasAt } from '../keywords.ts';
import { kindsIn, property, propertyNames, valuesOf } from '../produced.ts';
import type { Picks } from './picks.ts';

const TEXTS = ['', 'a', 'ab', 'abc', 'x', 'A1'];
const MAX_DEPTH = 4;

/** `depth` says how far inside the value this is: 0 for the whole. */
export type Walk = { readonly picks: Picks; readonly depth: number };

/** A value that probably satisfies a schema; whoever needs certainty asks `isValid`. */
export const exampleOf = (schema: Schema, root: Keywords, { picks, depth }: Walk): unknown => {
  const nodes = chosen(flatten(schema, root), root, picks);
  const values = valuesOf(nodes);
  if (values !== undefined && values.length > 0) return values[picks(values.length)];
  const kinds = [...kindsIn(nodes)];
  const kind = kinds[picks(Math.max(1, kinds.length))];
  if (kind === 'string') return TEXTS[picks(TEXTS.length)];
  if (kind === 'integer') return picks(10) - 3;
  if (kind === 'fraction') return picks(10) - 2.5;
  if (kind === 'boolean') return picks(2) === 0;
  if (kind === 'array') return exampleArray(nodes, root, { picks, depth });
  return kind === 'object' ? exampleObject(nodes, root, { picks, depth }) : null;
};

/** One alternative of each union. */
const chosen = (nodes: readonly Keywords[], root: Keywords, picks: Picks): readonly Keywords[] =>
  nodes.flatMap((node) => {
    const all = [...schemasAt(node, 'anyOf'), ...schemasAt(node, 'oneOf')];
    const one = all[picks(Math.max(1, all.length))];
    return one === undefined ? [node] : [node, ...chosen(flatten(one, root), root, picks)];
  });

const exampleArray = (nodes: readonly Keywords[], root: Keywords, { picks, depth }: Walk): unknown[] => {
  const length = depth > MAX_DEPTH ? 0 : picks(4);
  return Array.from({ length }, (_, index) => {
    const all = nodes.flatMap(
      (node) => schemasAt(node, 'prefixItems')[index] ?? schemaAt(node, 'items') ?? [],
    );
    return exampleOf({ allOf: all }, root, { picks, depth: depth + 1 });
  });
};

const exampleObject = (nodes: readonly Keywords[], root: Keywords, { picks, depth }: Walk): Keywords => {
  const names = [...new Set([...propertyNames(nodes), 'a', 'b', 'c', 'kind'])];
  const isTaken = (name: string): boolean =>
    picks(4) > 0 && (propertyNames(nodes).has(name) || picks(2) > 0) && depth <= MAX_DEPTH;
  return Object.fromEntries(
    names
      .filter(isTaken)
      .map((name) => [
        name,
        exampleOf({ allOf: property(nodes, name, root) }, root, { picks, depth: depth + 1 }),
      ]),
  );
};

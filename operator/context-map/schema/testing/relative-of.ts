import { isKeywords, type Keywords } from '../keywords.ts';
import type { Picks } from './picks.ts';

const CHANGES: readonly ((node: Keywords, other: Keywords, picks: Picks) => unknown)[] = [
  (node, _, picks) => without(node, picks),
  (node, _, picks) => without(without(node, picks), picks),
  (_, other) => other,
  (node, other) => ({ anyOf: [node, other] }),
  (node, other) => ({ allOf: [node, other] }),
  (node) => ({ ...node, title: 'Says nothing.' }),
  (node, _, picks) => mapNumbers(node, (one) => one + picks(5) - 2),
];

/** A schema that is much like this one, as a reader's is like its producer's. */
export const relativeOf = (schema: unknown, other: Keywords, picks: Picks): unknown => {
  if (Array.isArray(schema)) return schema.map((one) => relativeOf(one, other, picks));
  if (!isKeywords(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, relativeOf(value, other, picks)]),
  );
  const change = picks(3) === 0 ? CHANGES[picks(CHANGES.length)] : undefined;
  return change === undefined ? inner : change(inner, other, picks);
};

const without = (node: Keywords, picks: Picks): Keywords => {
  const names = Object.keys(node);
  const left = names[picks(Math.max(1, names.length))];
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== left));
};

const mapNumbers = (node: Keywords, change: (value: number) => number): Keywords =>
  Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, typeof value === 'number' ? change(value) : value]),
  );

import { compareArrays } from './compare-arrays.ts';
import { compareObjects } from './compare-objects.ts';
import { compareOthers } from './compare-others.ts';
import { compareLengths, compareMultiples, compareNumbers } from './compare-scalars.ts';
import { compareKinds, compareValues } from './compare-values.ts';
import type { KeywordRule } from './comparison.ts';
import { flatten } from './flatten.ts';
import { isSame, isTrivial, type Keywords, type Schema, toKeywords } from './keywords.ts';
import { type Misfit, undecided } from './misfit.ts';
import { described, isImpossible, type Produced } from './produced.ts';
import { casesByValue, casesOf, compareUnion, isUnion } from './unions.ts';

/** The schemas of events are small; one that needs more comparisons is made to hold the operator up. */
const MAX_STEPS = 5_000;
const MAX_DEPTH = 100;

/** Where a comparison has got to, and the schemas that were taken apart into cases to get there. */
type Place = { readonly path: string; readonly apart: ReadonlySet<Keywords> };

const RULES: readonly KeywordRule[] = [
  compareValues,
  compareLengths,
  compareNumbers,
  compareMultiples,
  compareArrays,
  compareObjects,
  compareOthers,
];

/**
 * Why data that satisfies one JSON Schema may not satisfy the other; empty when all of it does, which is proven then.
 * Both as zod writes them; what this does not understand of the reader's is `undecided`, never passed over.
 */
export const misfits = (published: Keywords, reads: Keywords): Misfit[] => {
  const underWay = new Map<string, string>();
  const idOf = identities();
  let steps = 0;

  const withinSteps = (path: string, next: () => Misfit[]): Misfit[] => {
    steps += 1;
    const isTooMuch = steps > MAX_STEPS || underWay.size > MAX_DEPTH;
    return isTooMuch ? [undecided(path, 'in more ways', 'than can be compared')] : next();
  };

  /** A schema may contain itself: what is being compared further out is taken to fit, as long as data shrinks. */
  const within = (nodes: Produced, read: Schema, path: string): Misfit[] => {
    if (isTrivial(read)) return [];
    const produced = described(nodes);
    const key = [...produced, read].map(idOf).join(' ');
    const outer = underWay.get(key);
    if (outer === path) return [undecided(path, 'in full', 'as a schema that only refers to itself')];
    if (outer !== undefined) return [];
    underWay.set(key, path);
    try {
      return withinSteps(path, () => compare(produced, read, { path, apart: new Set() }));
    } finally {
      underWay.delete(key);
    }
  };

  const compare = (produced: Produced, read: Schema, { path, apart }: Place): Misfit[] => {
    if (isImpossible(produced) || produced.some((node) => isSame(node, toKeywords(read)))) return [];
    const found = casesOf(produced, published, apart) ?? casesByValue(produced, read, apart);
    if (found === undefined) return flatten(read, reads).flatMap((node) => compareNode(produced, node, path));
    const place = { path, apart: new Set([...apart, found.of]) };
    return distinct(found.cases.flatMap((one) => withinSteps(path, () => compare(one, read, place))));
  };

  const compareNode = (produced: Produced, read: Keywords, path: string): Misfit[] => {
    if (produced.some((node) => isSame(node, read))) return [];
    const comparison = { produced, read, path, producedRoot: published, readRoot: reads, within };
    const kinds = compareKinds(comparison);
    if (kinds.length > 0) return kinds;
    const misfits = RULES.flatMap((rule) => rule(comparison));
    return isUnion(read) ? [...misfits, ...compareUnion(comparison)] : misfits;
  };

  return distinct(within(flatten(published, published), reads, ''));
};

const distinct = (found: readonly Misfit[]): Misfit[] => [
  ...new Map(found.map((misfit) => [JSON.stringify(misfit), misfit])).values(),
];

/** Numbers the parts of the two schemas: the same part is the same object, wherever a reference comes from. */
const identities = (): ((schema: Schema) => number) => {
  const known = new Map<Schema, number>();
  return (schema) => {
    const id = known.get(schema) ?? known.size;
    known.set(schema, id);
    return id;
  };
};

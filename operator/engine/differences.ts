import { identityIn, isQuantityAt, isWholeMap, type Path } from './merge-rules.ts';
import { isSameQuantity } from './quantity.ts';

/** A field that has not the value that is desired. */
export type Difference = { readonly path: string; readonly actual: unknown };

type Fields = Readonly<Record<string, unknown>>;
/** Where it is exact, what nobody desired is a difference too. */
type Place = { readonly path: Path; readonly isExact: boolean };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The API server leaves such fields out. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const at = ({ path, isExact }: Place, step: string): Place => ({ path: [...path, step], isExact });

const differ = ({ path }: Place, actual: unknown): readonly Difference[] => [
  { path: path.join('.').replaceAll('.[', '['), actual },
];

/**
 * Where `actual` has not what is desired. What it has beyond that, defaults of the API server and fields of others, does
 * not count, except in lists and maps that server-side apply takes as one value.
 */
export const differences = (desired: unknown, actual: unknown): readonly Difference[] =>
  compare(desired, actual, { path: [], isExact: false });

/** Where the two differ, whichever has more. */
export const allDifferences = (desired: unknown, actual: unknown): readonly Difference[] =>
  compare(desired, actual, { path: [], isExact: true });

const compare = (desired: unknown, actual: unknown, place: Place): readonly Difference[] => {
  if (isEmpty(desired)) return compareNothing(desired, actual, place);
  if (Array.isArray(desired)) return compareLists(desired, actual, place);
  if (isFields(desired)) return compareFields(desired, actual, place);
  const isSame = desired === actual || (isQuantityAt(place.path) && isSameQuantity(desired, actual));
  return isSame ? [] : differ(place, actual);
};

/** An empty list asks for no elements; an empty map, or what is undefined, for nothing unless the place is exact. */
const compareNothing = (desired: unknown, actual: unknown, place: Place): readonly Difference[] => {
  const asksForNothing = Array.isArray(desired) || place.isExact || isWholeMap(place.path);
  return asksForNothing && !isEmpty(actual) ? differ(place, actual) : [];
};

const compareFields = (desired: Fields, actual: unknown, place: Place): readonly Difference[] => {
  if (!isFields(actual)) return differ(place, actual);
  const isExact = place.isExact || isWholeMap(place.path);
  const names = isExact ? Object.keys({ ...actual, ...desired }) : Object.keys(desired);
  return names.flatMap((name) => compare(desired[name], actual[name], at({ ...place, isExact }, name)));
};

const compareLists = (desired: readonly unknown[], actual: unknown, place: Place): readonly Difference[] => {
  if (!Array.isArray(actual)) return differ(place, actual);
  const identityOf = place.isExact ? undefined : identityIn(place.path);
  if (identityOf !== undefined) {
    const found = new Map(actual.map((element) => [identityOf(element), element]));
    return desired.flatMap((one) => compare(one, found.get(identityOf(one)), at(place, identityOf(one))));
  }
  if (desired.length !== actual.length) return differ(place, actual);
  const within = { ...place, isExact: true };
  return desired.flatMap((one, index) => compare(one, actual[index], at(within, `[${index}]`)));
};

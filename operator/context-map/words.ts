import { isUndecided, type Misfit, misfitText } from './schema/misfit.ts';

const MOST = 5;

/** `a; b; and 3 more` */
export const several = (texts: readonly string[]): string => {
  const shown = texts.slice(0, MOST);
  const rest = texts.length - shown.length;
  return rest > 0 ? `${shown.join('; ')}; and ${rest} more` : shown.join('; ');
};

export const decidedText = (misfits: readonly Misfit[]): string =>
  several(misfits.filter((one) => !isUndecided(one)).map(misfitText));

export const undecidedText = (misfits: readonly Misfit[]): string =>
  several(misfits.filter(isUndecided).map(misfitText));

/** `ordering.order-placed.v1` → `ordering.order-placed.v2` */
export const nextVersionOf = (type: string): string => {
  const [, stem, version] = /^(.*\.v)(\d+)$/.exec(type) ?? [];
  return version === undefined ? `${type}.v2` : `${stem}${Number(version) + 1}`;
};

/** ` (did you mean catalog?)`, or nothing. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const near = nearMisses(word, known);
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
};

/** The words that differ by a slip of the keyboard or by a version, the nearest first. */
export const nearMisses = (word: string, known: Iterable<string>): string[] =>
  [...new Set(known)]
    .map((other) => ({ other, distance: distanceOf(unversioned(word), unversioned(other)) }))
    .filter(({ other, distance }) => distance <= Math.min(3, Math.max(word.length, other.length) / 3))
    .sort((one, another) => one.distance - another.distance)
    .slice(0, 3)
    .map(({ other }) => other);

const unversioned = (type: string): string => type.replace(/\.v\d+$/, '');

/** How many letters must be put in, left out or replaced (Levenshtein). */
const distanceOf = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};

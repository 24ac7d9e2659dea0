import { isDeepStrictEqual } from 'node:util';
import type { Comparison } from './comparison.ts';
import { flatten } from './flatten.ts';
import { type Keywords, schemasAt } from './keywords.ts';
import { type Kind, kindOf, kindsOf, kindsText } from './kinds.ts';
import { differs, type Misfit } from './misfit.ts';
import { kindsIn, type Produced, valuesOf } from './produced.ts';

const listed = (values: readonly unknown[]): string =>
  `as ${values.map((value) => JSON.stringify(value)).join(' or ')}`;

const readValues = (read: Keywords): readonly (readonly unknown[])[] => [
  ...(Object.hasOwn(read, 'const') ? [[read['const']]] : []),
  ...(Array.isArray(read['enum']) ? [read['enum'] as unknown[]] : []),
];

/** `enum` and `const`. */
export const compareValues = ({ produced, read, path }: Comparison): Misfit[] => {
  const values = valuesOf(produced);
  return readValues(read).flatMap((accepted) => {
    if (accepted.length === 0) return [{ path, kind: 'refused', published: '', read: '' }];
    if (values === undefined) return [differs(path, anyOfKind(produced), listed(accepted))];
    const others = values.filter((value) => !accepted.some((one) => isDeepStrictEqual(one, value)));
    return others.length === 0 ? [] : [differs(path, listed(others), listed(accepted))];
  });
};

const anyOfKind = (produced: Produced): string => {
  const kinds = kindsText(kindsIn(produced));
  return kinds === 'anything' ? 'as anything' : `as any ${kinds}`;
};

/** Whether every value that is known is of this kind and passes; undefined where the values are not known. */
export const everyValue = (
  produced: Produced,
  kind: Kind,
  passes: (value: unknown) => boolean,
): boolean | undefined => valuesOf(produced)?.every((value) => kindOf(value) !== kind || passes(value));

/** `type`, also of the alternatives of a union. */
export const compareKinds = ({ produced, read, path, readRoot }: Comparison): Misfit[] => {
  const published = kindsIn(produced);
  const accepted = acceptedKinds(read, readRoot);
  if ([...published].every((kind) => accepted.has(kind))) return [];
  return [differs(path, `as ${kindsText(published)}`, `as ${kindsText(accepted)}`)];
};

const acceptedKinds = (read: Keywords, root: Keywords): ReadonlySet<Kind> => {
  const unions = ['anyOf', 'oneOf']
    .map((keyword) => schemasAt(read, keyword))
    .filter((alternatives) => alternatives.length > 0)
    .map((alternatives) => alternatives.map((one) => kindsIn(flatten(one, root))));
  const isPossible = (kind: Kind) => unions.every((union) => union.some((kinds) => kinds.has(kind)));
  return new Set([...kindsOf([read])].filter(isPossible));
};

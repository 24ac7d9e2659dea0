import type { Kind } from '../../operator/api/common.ts';
import { KINDS } from '../../operator/api/kinds.ts';
import { CommandFailed } from '../command-failed.ts';

/** One object, or all of a kind. */
export type Target = { readonly kind: Kind; readonly name?: string };

/** As in `tenant/acme`. */
export const namedText = (kind: Pick<Kind, 'kind'>, name: string): string =>
  `${kind.kind.toLowerCase()}/${name}`;

/** `tenant`, `tenants`, `Tenant`, a short name. @throws CommandFailed */
export const kindOf = (word: string): Kind => {
  const wanted = word.toLowerCase();
  const kind = KINDS.find(({ kind: singular, plural, group, shortNames }) =>
    [singular.toLowerCase(), plural, `${plural}.${group}`, ...shortNames].includes(wanted),
  );
  if (kind) return kind;
  const known = KINDS.map(({ plural, shortNames }) => [plural, ...shortNames].join(' or ')).join(', ');
  throw new CommandFailed(`There is no kind ${word}: write one of ${known}.`);
};

/**
 * What words on the command line mean: `tenant acme solo`, `tenants`, or `tenant/acme subscription/acme-starter`.
 * @throws CommandFailed for an unknown kind, and for the two ways mixed.
 */
export const targetsOf = (words: readonly string[]): Target[] => {
  const [first = '', ...rest] = words;
  if (words.some((word) => word.includes('/'))) return words.map(slashed);
  const kind = kindOf(first);
  return rest.length === 0 ? [{ kind }] : rest.map((name) => ({ kind, name }));
};

const slashed = (word: string): Target => {
  const [kind = '', name = '', ...more] = word.split('/');
  if (kind === '' || name === '' || more.length > 0) {
    throw new CommandFailed(
      `${word} names no object: write kind/name for each, as in tenant/acme, or a kind and names, as in tenant acme.`,
    );
  }
  return { kind: kindOf(kind), name };
};

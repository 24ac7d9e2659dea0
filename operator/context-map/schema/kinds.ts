import { isTexts, type Keywords } from './keywords.ts';

/** JSON's types, with numbers in two that do not overlap. */
export type Kind = 'null' | 'boolean' | 'object' | 'array' | 'string' | 'integer' | 'fraction';

const KINDS: readonly Kind[] = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'];

const kindsOfType = (type: string): readonly Kind[] =>
  type === 'number' ? ['integer', 'fraction'] : KINDS.filter((kind) => kind === type);

const TYPES: readonly string[] = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'number'];

/** Undefined when there is no type, or none that JSON Schema knows. */
export const typesAt = (node: Keywords): readonly string[] | undefined => {
  const types = typeof node['type'] === 'string' ? [node['type']] : node['type'];
  return isTexts(types) && types.every((type) => TYPES.includes(type)) ? types : undefined;
};

const allows = (node: Keywords, kind: Kind): boolean =>
  typesAt(node)?.some((type) => kindsOfType(type).includes(kind)) ?? true;

/** The kinds that a value can be of which satisfies all of these schemas. */
export const kindsOf = (nodes: readonly Keywords[]): ReadonlySet<Kind> =>
  new Set(KINDS.filter((kind) => nodes.every((node) => allows(node, kind))));

export const kindOf = (value: unknown): Kind => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value as Kind;
  return 'object';
};

/** `string or null`, as a schema would have it. */
export const kindsText = (kinds: ReadonlySet<Kind>): string => {
  if (kinds.size === KINDS.length) return 'anything';
  const isNumber = kinds.has('fraction');
  const names = [...kinds].filter((kind) => !(isNumber && kind === 'integer'));
  return names.map((kind) => (kind === 'fraction' ? 'number' : kind)).join(' or ');
};

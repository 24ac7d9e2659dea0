import { isSchema, type Keywords, type Schema, schemasAt, toKeywords } from './keywords.ts';

/** Stands for what a reference that leads nowhere would say. */
export const UNRESOLVED = '$unresolved';

/**
 * The schemas that a value must satisfy all of to satisfy this one: itself, the members of `allOf` and what `$ref`
 * leads to. Only references within the same schema are followed, which are all that zod writes.
 */
export const flatten = (schema: Schema, root: Keywords, followed: readonly string[] = []): Keywords[] => {
  const node = toKeywords(schema);
  const members = schemasAt(node, 'allOf').flatMap((member) => flatten(member, root, followed));
  return [node, ...members, ...referred(node, root, followed)];
};

const referred = (node: Keywords, root: Keywords, followed: readonly string[]): Keywords[] => {
  const { $ref: reference } = node;
  if (reference === undefined) return [];
  const target = typeof reference === 'string' ? resolve(reference, root) : undefined;
  const isCircular = followed.includes(String(reference));
  if (target === undefined || isCircular) return [{ [UNRESOLVED]: reference }];
  return flatten(target, root, [...followed, String(reference)]);
};

/** A JSON Pointer (RFC 6901) as a fragment: `#`, `#/$defs/line`. */
const resolve = (reference: string, root: Keywords): Schema | undefined => {
  if (!/^#(\/|$)/.test(reference)) return undefined;
  let found: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return isSchema(found) ? found : undefined;
};

import { isDeepStrictEqual } from 'node:util';

/** One JSON Schema object. What comes from a resource is unknown until it is read with the functions below. */
export type Keywords = Readonly<Record<string, unknown>>;
export type Schema = Keywords | boolean;

export const isKeywords = (value: unknown): value is Keywords =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSchema = (value: unknown): value is Schema => typeof value === 'boolean' || isKeywords(value);

export const isSchemas = (value: unknown): value is readonly Schema[] =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema);

export const isSchemaMap = (value: unknown): value is Readonly<Record<string, Schema>> =>
  isKeywords(value) && Object.values(value).every(isSchema);

export const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

export const numberAt = (node: Keywords, keyword: string): number | undefined => {
  const value = node[keyword];
  return typeof value === 'number' ? value : undefined;
};

export const textsAt = (node: Keywords, keyword: string): readonly string[] => {
  const value = node[keyword];
  return isTexts(value) ? value : [];
};

export const schemaAt = (node: Keywords, keyword: string): Schema | undefined => {
  const value = node[keyword];
  return isSchema(value) ? value : undefined;
};

export const schemasAt = (node: Keywords, keyword: string): readonly Schema[] => {
  const value = node[keyword];
  return isSchemas(value) ? value : [];
};

/** A Map, because a property may be called `constructor`. */
export const schemaMapAt = (node: Keywords, keyword: string): ReadonlyMap<string, Schema> => {
  const value = node[keyword];
  return new Map(isSchemaMap(value) ? Object.entries(value) : []);
};

const ANYTHING: Keywords = {};
const NOTHING: Keywords = { enum: [] };

/** `true` allows everything, `false` nothing. */
export const toKeywords = (schema: Schema): Keywords => {
  if (typeof schema !== 'boolean') return schema;
  return schema ? ANYTHING : NOTHING;
};

/** Keywords that say something to people and nothing about a value. */
const ANNOTATIONS = new Set([
  '$comment',
  '$defs',
  '$id',
  '$schema',
  'default',
  'definitions',
  'deprecated',
  'description',
  'example',
  'examples',
  'id',
  'readOnly',
  'title',
  'writeOnly',
]);

export const isAnnotation = (keyword: string): boolean =>
  ANNOTATIONS.has(keyword) || keyword.startsWith('x-');

export const constraintsOf = (node: Keywords): Keywords =>
  Object.fromEntries(Object.entries(node).filter(([keyword]) => !isAnnotation(keyword)));

export const isTrivial = (schema: Schema): boolean =>
  schema === true || (isKeywords(schema) && Object.keys(constraintsOf(schema)).length === 0);

/** Means the same for certain: references are left out, as they may lead to different places. */
export const isSame = (one: Keywords, other: Keywords): boolean =>
  isDeepStrictEqual(constraintsOf(one), constraintsOf(other)) && !JSON.stringify(one).includes('"$ref"');

import fc from 'fast-check';
import type { Keywords, Schema } from '../keywords.ts';

const NAMES = ['a', 'b', 'c', 'kind'] as const;
const TEXTS = ['', 'a', 'ab', 'abc', 'x', 'A1'] as const;
const PATTERNS = ['^a', 'b$', '^[a-z]*$'] as const;

/** Few values, so that two schemas or a schema and a value meet often. */
const aSmallNumber = fc.integer({ min: -3, max: 6 });
const aNumber = fc.oneof(
  aSmallNumber,
  aSmallNumber.map((one) => one + 0.5),
);
const aScalar = fc.oneof(fc.constantFrom(...TEXTS), aNumber, fc.boolean(), fc.constant(null));

export const aValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    aScalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const optionally = <T>(keywords: Record<string, fc.Arbitrary<T>>): fc.Arbitrary<Keywords> =>
  fc.record(keywords, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Keywords>;

const merged = (...parts: readonly fc.Arbitrary<Keywords>[]): fc.Arbitrary<Keywords> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all));

const typed = (...types: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...types).map((type) => ({ type })) },
    { weight: 2, arbitrary: fc.constantFrom(...types).map((type) => ({ type: [type, 'null'] })) },
    { weight: 1, arbitrary: fc.constant({}) },
  );

const aString = merged(
  typed('string'),
  optionally<unknown>({
    minLength: fc.nat(2),
    maxLength: fc.nat(4),
    pattern: fc.constantFrom(...PATTERNS),
  }),
);

const aNumeric = merged(
  typed('number', 'integer'),
  optionally({
    minimum: aSmallNumber,
    maximum: aSmallNumber,
    exclusiveMinimum: aNumber,
    exclusiveMaximum: aNumber,
    multipleOf: fc.constantFrom(1, 2, 4),
  }),
);

const anArray = (element: fc.Arbitrary<Schema>) =>
  merged(
    typed('array'),
    optionally<unknown>({
      items: element,
      prefixItems: fc.array(element, { minLength: 1, maxLength: 2 }),
      minItems: fc.nat(2),
      maxItems: fc.nat(3),
      uniqueItems: fc.boolean(),
    }),
  );

const anObject = (property: fc.Arbitrary<Schema>) =>
  merged(
    typed('object'),
    optionally<unknown>({
      properties: fc.dictionary(fc.constantFrom(...NAMES), property, { maxKeys: 3, noNullPrototype: true }),
      required: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.boolean(), property),
      propertyNames: fc.constantFrom({ enum: ['a', 'b'] }, { type: 'string' }, { maxLength: 1 }),
    }),
  );

const aTagged = (property: fc.Arbitrary<Schema>) =>
  fc.array(property, { minLength: 1, maxLength: 3 }).map((properties) => ({
    oneOf: properties.map((schema, index) => ({
      type: 'object',
      properties: { kind: { type: 'string', const: TEXTS[index + 1] }, a: schema },
      required: ['kind'],
    })),
  }));

/** JSON Schemas of the keywords that zod writes, with references to the whole. */
export const aSchema: fc.Arbitrary<Keywords> = fc.letrec<{ schema: Keywords }>((tie) => {
  const inner: fc.Arbitrary<Schema> = fc.oneof(
    { weight: 12, arbitrary: tie('schema') },
    { weight: 1, arbitrary: fc.boolean() },
    { weight: 1, arbitrary: fc.constant({ $ref: '#' }) },
  );
  // A schema must not refer to itself without going into the data.
  const several = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      aString,
      aNumeric,
      fc.constantFrom({ type: 'boolean' }, { type: 'null' }, {}),
      fc.uniqueArray(aScalar, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
      aScalar.map((value) => ({ const: value })),
      anObject(inner),
      anObject(inner),
      anArray(inner),
      aTagged(inner),
      several.map((anyOf) => ({ anyOf })),
      several.map((oneOf) => ({ oneOf })),
      several.map((allOf) => ({ allOf })),
    ),
  };
}).schema;

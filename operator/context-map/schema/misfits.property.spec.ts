import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Keywords } from './keywords.ts';
import { misfits } from './misfits.ts';
import { aSchema, aValue } from './testing/arbitraries.ts';
import { exampleOf } from './testing/example-of.ts';
import { isValid } from './testing/is-valid.ts';
import { aListOfPicks, picksOf } from './testing/picks.ts';
import { relativeOf } from './testing/relative-of.ts';

/** What a producer publishes and what somebody reads, more often than not nearly the same. */
const aPair = fc.tuple(aSchema, aSchema, aListOfPicks).map(([published, other, numbers]) => ({
  published,
  reads: relativeOf(published, other, picksOf(numbers)) as Keywords,
}));

const someExamples = fc.array(aListOfPicks, { minLength: 5, maxLength: 5 });

const producible = (published: Keywords, examples: readonly number[][]): unknown[] =>
  examples
    .map((numbers) => exampleOf(published, published, { picks: picksOf(numbers), depth: 0 }))
    .filter((value) => isValid(published, value));

describe('misfits of random schemas', () => {
  it('are none only if every value that may be published can be read', () => {
    let tried = 0;
    fc.assert(
      fc.property(aPair, someExamples, fc.array(aValue), ({ published, reads }, examples, others) => {
        if (misfits(published, reads).length > 0) return;
        const values = [
          ...producible(published, examples),
          ...others.filter((one) => isValid(published, one)),
        ];
        tried += values.length;
        for (const value of values) assert.equal(isValid(reads, value), true, JSON.stringify(value));
      }),
      { numRuns: 1_000 },
    );
    assert.equal(tried > 1_000, true, `the generators found only ${tried} values that fit`);
  });
  it('are none where a schema is read as it is published', () => {
    fc.assert(
      fc.property(aSchema, (schema) => {
        fc.pre(!JSON.stringify(schema).includes('"$ref"'));
        assert.deepEqual(misfits(schema, { ...schema, description: 'Read.' }), []);
      }),
      { numRuns: 300 },
    );
  });
  it('come to an end whatever the resources hold', () => {
    const holds = fc.oneof(
      aValue,
      aSchema,
      fc.array(aSchema),
      fc.constantFrom('#', '#/anyOf/0', '#/items', '#/properties/a'),
    );
    const anything = fc.dictionary(fc.constantFrom(...KEYWORDS), holds);
    fc.assert(
      fc.property(anything, anything, (published, reads) => Array.isArray(misfits(published, reads))),
      { numRuns: 500 },
    );
  });
});

const KEYWORDS = [
  ...['type', 'enum', 'const', 'minLength', '$ref', 'anyOf', 'oneOf', 'allOf'],
  ...['items', 'prefixItems', 'required', 'properties', 'propertyNames', 'additionalProperties'],
];

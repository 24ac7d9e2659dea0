import assert from 'node:assert/strict';
import { z } from 'zod';
import { aSet, immutable, keyedBy, matching, rulesOf, withRules } from './rules.ts';
import { structuralSchema, withoutRules } from './structural-schema.ts';

const always = { rule: 'true', message: 'never said' };

describe('structuralSchema', () => {
  it('requires what has neither default nor question mark, and allows fields that it does not know', () => {
    const schema = z.object({ a: z.string(), b: z.boolean().default(false), c: z.int().optional() });
    assert.deepEqual(structuralSchema(schema), {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'string' },
        b: { type: 'boolean', default: false },
        c: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      },
    });
  });

  it('keeps any object as it is where the schema is loose', () => {
    const schema = z.looseObject({}).meta({ 'x-kubernetes-map-type': 'atomic' });
    assert.deepEqual(structuralSchema(schema), {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      'x-kubernetes-preserve-unknown-fields': true,
    });
  });

  it('says of a record what its values are', () => {
    const schema = z.record(z.string(), z.enum(['a', 'b']));
    assert.deepEqual(structuralSchema(schema), {
      type: 'object',
      additionalProperties: { type: 'string', enum: ['a', 'b'] },
    });
  });

  it('keeps rules, keys and descriptions through what wraps a schema', () => {
    const item = z.object({ name: matching(/^[a-z]+$/, 'write letters').describe('Its name.') });
    const list = keyedBy(z.array(item).max(3).default([]), 'name', 'once each').describe('Them.');
    const schema = structuralSchema(withRules(z.object({ list: list.optional() }), always));
    assert.deepEqual(rulesOf(schema), [always]);
    assert.deepEqual(schema.properties?.['list'], {
      description: 'Them.',
      type: 'array',
      default: [],
      maxItems: 3,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-validations': [
        { rule: 'self.all(a, self.exists_one(b, b.name == a.name))', message: 'once each' },
      ],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: {
            description: 'Its name.',
            type: 'string',
            maxLength: 253,
            'x-kubernetes-validations': [{ rule: "self.matches(r'^[a-z]+$')", message: 'write letters' }],
          },
        },
      },
    });
  });

  it('leaves a pattern that no sentence says', () => {
    assert.deepEqual(structuralSchema(z.string().regex(/^a/)), { type: 'string', pattern: '^a' });
  });

  const impossible: readonly (readonly [string, z.ZodType])[] = [
    ['a choice of types', z.union([z.string(), z.int()])],
    ['anything', z.unknown()],
    ['a pattern that looks ahead', z.string().regex(/^(?!x)/)],
    ['a pattern that looks behind', z.string().regex(/(?<=x)y/)],
    ['a pattern that refers back', z.string().regex(/^(.)\1$/)],
    ['a rule that looks ahead', matching(/^(?=x)/, 'write x')],
  ];
  for (const [what, schema] of impossible) {
    it(`refuses ${what} and names the field`, () => {
      assert.throws(() => structuralSchema(z.object({ list: z.array(schema) })), /^Error: \.list\.\[\] has /);
    });
  }
});

describe('withoutRules', () => {
  it('takes the rules out at every depth and leaves the rest', () => {
    const text = immutable(z.string().describe('It.'), 'it cannot change');
    const schema = withRules(
      z.object({ list: aSet(z.array(text), 'once'), map: z.record(z.string(), text) }),
      always,
    );
    assert.deepEqual(withoutRules(structuralSchema(schema)), {
      type: 'object',
      required: ['list', 'map'],
      properties: {
        list: {
          type: 'array',
          'x-kubernetes-list-type': 'set',
          items: { description: 'It.', type: 'string' },
        },
        map: { type: 'object', additionalProperties: { description: 'It.', type: 'string' } },
      },
    });
  });
});

describe('matching', () => {
  it('lets zod refuse with the sentence of the API server', () => {
    const schema = matching(/^[A-Z]{3}$/, 'write three capital letters');
    const [rule] = rulesOf(structuralSchema(schema));
    assert.equal(rule?.message, 'write three capital letters');
    assert.deepEqual(
      schema.safeParse('euro').error?.issues.map(({ message }) => message),
      ['write three capital letters'],
    );
  });
});

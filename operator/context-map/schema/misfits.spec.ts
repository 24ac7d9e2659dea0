import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Keywords } from './keywords.ts';
import { misfitText } from './misfit.ts';
import { misfits } from './misfits.ts';

const schemaOf = (schema: z.ZodType): Keywords => z.toJSONSchema(schema, { io: 'input' }) as Keywords;

/** `kind path` of each misfit. */
const found = (published: z.ZodType | Keywords, reads: z.ZodType | Keywords): string[] =>
  misfits(asSchema(published), asSchema(reads)).map(({ kind, path }) => `${kind} ${path}`.trim());

const asSchema = (schema: z.ZodType | Keywords): Keywords =>
  schema instanceof z.ZodType ? schemaOf(schema) : schema;

const line = z.object({ itemId: z.string().min(1).max(64), name: z.string(), quantity: z.int().min(1) });
const order = z.object({
  orderId: z.string().min(1).max(64),
  lines: z.array(line).min(1).max(1000),
  note: z.string().optional(),
  placedAt: z.iso.datetime(),
});

describe('misfits', () => {
  describe('of objects', () => {
    it('are none where a part is read as it is published', () => {
      assert.deepEqual(found(order, order), []);
      assert.deepEqual(found(order, order.pick({ orderId: true, note: true })), []);
      assert.deepEqual(found(order, z.object({ lines: z.array(line.pick({ quantity: true })) })), []);
    });
    it('are none when the producer adds fields, required or not', () => {
      const later = order.extend({ gift: z.boolean().optional(), total: z.int() });
      assert.deepEqual(found(later, order), []);
    });
    it('name what is read and not published, at any depth, even where it is optional', () => {
      assert.deepEqual(found(order, z.object({ customer: z.string() })), ['missing customer']);
      assert.deepEqual(found(order, z.object({ customer: z.string().optional() })), ['missing customer']);
      assert.deepEqual(
        found(order, z.object({ lines: z.array(line.extend({ price: z.object({ amount: z.int() }) })) })),
        ['missing lines[].price'],
      );
    });
    it('name what may be absent though the reader requires it', () => {
      assert.deepEqual(found(order, z.object({ note: z.string() })), ['optional note']);
      assert.deepEqual(found(order.partial(), order.pick({ orderId: true })), ['optional orderId']);
    });
    it('refuse readers that refuse what they do not name', () => {
      assert.deepEqual(found(order, z.strictObject({ orderId: z.string() })), [
        'refused lines',
        'refused note',
        'refused placedAt',
        'refused *',
      ]);
      const strict = z.strictObject({ orderId: z.string() });
      assert.deepEqual(found(strict, strict.describe('The same.')), []);
    });
    it('compare records by their values and keys', () => {
      const stock = z.record(z.string(), z.int().min(0));
      assert.deepEqual(found(stock, z.record(z.string(), z.int())), []);
      assert.deepEqual(found(stock, z.record(z.string(), z.string())), ['differs *']);
      assert.deepEqual(found(stock, z.object({ apples: z.int().optional() })), []);
      assert.deepEqual(found(stock, z.object({ apples: z.int() })), ['optional apples']);
      assert.deepEqual(found(stock, z.partialRecord(z.enum(['a', 'b']), z.int())), ['differs <name>']);
      const known = z.record(z.enum(['a', 'b']), z.int());
      assert.deepEqual(found(known, z.object({ a: z.int() })), []);
      assert.deepEqual(found(known, z.partialRecord(z.enum(['a', 'b', 'c']), z.int())), []);
    });
    it('are not confused by properties that JavaScript objects inherit', () => {
      assert.deepEqual(found(z.object({}), z.object({ constructor: z.string() })), ['missing constructor']);
    });
  });

  describe('of scalars', () => {
    it('name another type', () => {
      assert.deepEqual(found(z.object({ a: z.string() }), z.object({ a: z.int() })), ['differs a']);
      assert.deepEqual(found(z.number(), z.int()), ['differs']);
      assert.deepEqual(found(z.int(), z.number()), []);
      assert.deepEqual(found(z.string().nullable(), z.string()), ['differs']);
      assert.deepEqual(found(z.string(), z.string().nullable()), []);
      assert.deepEqual(found({}, { type: 'string' }), ['differs']);
    });
    it('compare bounds of numbers', () => {
      assert.deepEqual(found(z.int().min(1), z.int().min(0)), []);
      assert.deepEqual(found(z.int().min(0), z.int().min(1)), ['differs']);
      assert.deepEqual(found(z.int().positive(), z.int().min(1)), []);
      assert.deepEqual(found(z.int().max(5), z.int().lt(6)), []);
      assert.deepEqual(found(z.number().gt(0), z.number().min(0)), []);
      assert.deepEqual(found(z.number().min(0), z.number().gt(0)), ['differs']);
      assert.deepEqual(found({ type: 'integer' }, z.int()), []);
      assert.deepEqual(found(z.number().multipleOf(4), z.number().multipleOf(2)), []);
      assert.deepEqual(found(z.number(), z.number().multipleOf(2)), ['differs']);
    });
    it('compare lengths, unless a pattern may say the same', () => {
      assert.deepEqual(found(z.string().min(1).max(64), z.string().max(100)), []);
      assert.deepEqual(found(z.string(), z.string().max(100)), ['differs']);
      assert.deepEqual(found(z.string().regex(/^.{1,9}$/), z.string().max(100)), ['undecided']);
    });
    it('take equal patterns and formats, and decide nothing about different ones', () => {
      const sku = z.string().regex(/^[a-z]+$/);
      assert.deepEqual(found(sku, sku.describe('A stock keeping unit.')), []);
      assert.deepEqual(found(sku, z.string()), []);
      assert.deepEqual(found(z.string(), sku), ['differs']);
      assert.deepEqual(found(sku, z.string().regex(/^[a-z0-9]+$/)), ['undecided']);
      assert.deepEqual(found(sku.regex(/e/), sku), []);
      assert.deepEqual(found(z.uuid(), { type: 'string', format: 'uuid' }), []);
      assert.deepEqual(found(z.string(), { type: 'string', format: 'date-time' }), ['differs']);
      assert.deepEqual(found(z.url(), z.email()).includes('undecided'), true);
    });
    it('compare enums and constants', () => {
      const state = z.enum(['open', 'closed']);
      assert.deepEqual(found(state, state.describe('How it is.')), []);
      assert.deepEqual(found(z.literal('open'), state), []);
      assert.deepEqual(found(z.enum(['open', 'closed', 'lost']), state), ['differs']);
      assert.deepEqual(found(state, z.string().max(6)), []);
      assert.deepEqual(found(state, z.string().max(5)), ['differs']);
      assert.deepEqual(found(z.string(), state), ['differs']);
      assert.deepEqual(found(z.boolean(), z.literal([true, false])), []);
      assert.deepEqual(found(z.boolean(), z.literal(true)), ['differs']);
    });
  });

  describe('of arrays', () => {
    it('compare elements and lengths', () => {
      assert.deepEqual(found(z.array(z.int()).max(5), z.array(z.number())), []);
      assert.deepEqual(found(z.array(z.int()), z.array(z.int()).min(1)), ['differs']);
      assert.deepEqual(found(z.array(z.int()), z.array(z.string())), ['differs []']);
      assert.deepEqual(found(z.array(z.unknown()), z.array(z.string())), ['differs []']);
    });
    it('compare tuples by position', () => {
      const pair = z.tuple([z.string(), z.int()]);
      assert.deepEqual(found(pair, pair.describe('Name and number.')), []);
      assert.deepEqual(found(pair, z.tuple([z.string(), z.string()])), ['differs [1]']);
      assert.deepEqual(found(pair, z.array(z.union([z.string(), z.int()]))), []);
      assert.deepEqual(found(pair, z.tuple([z.string()], z.int())), []);
    });
  });

  describe('of unions', () => {
    const parcel = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('letter'), stamps: z.int() }),
      z.object({ kind: z.literal('box'), weight: z.number() }),
    ]);
    it('compare each case that is published with the alternative that has its tag', () => {
      assert.deepEqual(found(parcel, parcel.describe('What is sent.')), []);
      assert.deepEqual(found(parcel, z.object({ kind: z.enum(['letter', 'box']) })), []);
      const heavier = z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('letter') }),
        z.object({ kind: z.literal('box'), weight: z.number().min(1) }),
        z.object({ kind: z.literal('pallet') }),
      ]);
      assert.deepEqual(found(parcel, heavier), ['differs weight']);
    });
    it('name a case that no alternative takes', () => {
      const letters = z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('letter') }),
        z.object({ kind: z.literal('card') }),
      ]);
      const [misfit] = misfits(schemaOf(parcel), schemaOf(letters));
      assert.equal(misfit?.kind, 'differs');
      assert.match(misfit === undefined ? '' : misfitText(misfit), /with kind "box"/);
    });
    it('split values and types among alternatives', () => {
      const reads = z.union([z.literal('a'), z.literal('b'), z.null()]);
      assert.deepEqual(found(z.enum(['a', 'b']).nullable(), reads), []);
      assert.deepEqual(found({ type: ['string', 'integer'] }, z.union([z.string(), z.number()])), []);
      assert.deepEqual(found(z.string(), z.union([z.int(), z.null()])), ['differs']);
    });
    it('decide nothing where a case would be spread over alternatives', () => {
      assert.deepEqual(found(z.int(), z.union([z.int().min(0), z.int().max(10)])), ['undecided']);
      const exactlyOne = { oneOf: [{ type: 'integer' }, { type: 'number' }] };
      assert.deepEqual(found(z.int(), exactlyOne), ['undecided']);
    });
  });

  describe('of schemas that refer', () => {
    const tree: z.ZodType = z.object({
      value: z.int(),
      get children() {
        return z.array(tree);
      },
    });
    const loose: z.ZodType = z.object({
      value: z.number(),
      get children() {
        return z.array(loose);
      },
    });
    it('follow them to any depth', () => {
      assert.deepEqual(found(tree, loose), []);
      assert.deepEqual(found(z.object({ one: tree, two: tree }), z.object({ two: loose })), []);
      assert.deepEqual(found(loose, tree), ['differs value', 'differs children[].value']);
    });
    it('decide nothing where they lead nowhere', () => {
      assert.deepEqual(found(z.string(), { $ref: 'https://example.org/name' }), ['undecided']);
      assert.deepEqual(found(z.string(), { $ref: '#/$defs/none' }), ['undecided']);
      assert.deepEqual(found(z.string(), { $ref: '#' }), ['undecided']);
    });
  });

  it('decide nothing about keywords that are unknown or malformed', () => {
    assert.deepEqual(found(z.string(), { dependentSchemas: {} }), ['undecided']);
    assert.deepEqual(found(z.string(), { type: 'string', minLength: '1' }), ['undecided']);
    assert.deepEqual(found(z.string(), { type: 'text' }), ['undecided']);
    assert.deepEqual(found({ type: 'text' }, { type: 'string' }), ['differs']);
    assert.deepEqual(found(z.array(z.int()), { contains: { type: 'integer' } }), ['undecided']);
  });

  it('come to an end whatever the schemas are', () => {
    const alternatives = Array.from({ length: 12 }, (_, index) => ({ properties: { [`p${index}`]: {} } }));
    const nested = { allOf: Array.from({ length: 12 }, () => ({ anyOf: alternatives })) };
    assert.equal(misfits(nested, { type: 'object', properties: { x: { type: 'string' } } }).length > 0, true);
  });
});

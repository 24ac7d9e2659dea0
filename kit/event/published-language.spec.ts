import assert from 'node:assert/strict';
import { z } from 'zod';
import { publishedLanguage, reading } from './published-language.ts';

const language = publishedLanguage('ordering', {
  order: { OrderPlaced: z.object({ orderId: z.string(), total: z.number() }), OrderPlacedV2: z.object({}) },
  customer: { VIPNamed: z.object({}) },
});

describe('publishedLanguage', () => {
  it('names each event on the wire by context, event and version', () => {
    const types = Object.values(language.events).map(({ type, kind }) => [type, kind]);
    assert.deepEqual(types, [
      ['ordering.order-placed.v1', 'order'],
      ['ordering.order-placed.v2', 'order'],
      ['ordering.v-i-p-named.v1', 'customer'],
    ]);
  });
});

describe('reading', () => {
  const read = reading(language.events.OrderPlaced, (schema) => schema.pick({ orderId: true }));
  it('reads only the part that it names, whatever else there is', () => {
    assert.deepEqual(read.schema.parse({ orderId: '1', total: 'not even a number', more: true }), {
      orderId: '1',
    });
  });
  it('stays the same event type', () => {
    assert.equal(read.type, 'ordering.order-placed.v1');
  });
});

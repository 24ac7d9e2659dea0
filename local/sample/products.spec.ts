import assert from 'node:assert/strict';
import { sampleProducts } from './products.ts';

describe('sampleProducts', () => {
  it('names at least 200 products, each by a sku of its own', () => {
    const skus = new Set(sampleProducts().map(({ sku }) => sku));
    assert.ok(skus.size >= 200);
    assert.equal(skus.size, sampleProducts().length);
  });

  it('prices each in whole cents above zero', () => {
    for (const { price } of sampleProducts()) assert.ok(Number.isInteger(price.amount) && price.amount > 0);
  });
});

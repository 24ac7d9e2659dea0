import assert from 'node:assert/strict';
import { randomBytes } from './random-bytes.ts';

describe('randomBytes', () => {
  it('never gives the same bytes twice, however often its pool is filled', () => {
    const seen = new Set(Array.from({ length: 10_000 }, () => randomBytes(16).toString('hex')));
    assert.equal(seen.size, 10_000);
  });

  it('gives as many as were asked for', () => {
    for (const length of [1, 16, 24, 1_000]) assert.equal(randomBytes(length).length, length);
  });
});

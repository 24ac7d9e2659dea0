import { equal, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { percentile } from './percentile.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  for (const [share, value] of [
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ] as const) {
    it(`of 1 to 100 at ${share} is ${value}`, () => equal(percentile(oneToHundred, share), value));
  }

  it('of one sample is that sample', () => equal(percentile([7], 0.99), 7));

  it('sorts numbers as numbers', () => equal(percentile([10, 9, 100], 1), 100));

  it('is a sample that at least the share of the samples does not exceed', () => {
    const samples = fc.array(fc.integer(), { minLength: 1 });
    const property = fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const value = percentile(all, share);
      const below = all.filter((one) => one <= value).length;
      return all.includes(value) && below >= Math.floor(share * all.length);
    });
    fc.assert(property);
  });

  it('of nothing is an error', () => throws(() => percentile([], 0.5)));
});

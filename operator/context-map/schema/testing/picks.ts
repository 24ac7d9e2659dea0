import fc from 'fast-check';

/** Decisions made while walking something: the next number below a bound, from a list that fast-check can shrink. */
export type Picks = (below: number) => number;

export const aListOfPicks = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });

export const picksOf = (numbers: readonly number[]): Picks => {
  let index = 0;
  return (below) => (numbers[index++ % numbers.length] ?? 0) % below;
};

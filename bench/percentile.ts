/**
 * The smallest sample that at least this share of all samples does not exceed (nearest rank), so that it is always one
 * that was measured.
 * @throws Error without samples: a percentile of nothing would look like a fast one.
 */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined)
    throw new Error('cannot take a percentile: nothing was measured; run the bench longer');
  return value;
};

/** What the reporter tells the runner, after every test. */
export type Counts = { readonly passed: number; readonly failed: number; readonly complete: boolean };

export type MochaEnd = {
  readonly counts: Counts;
  readonly code: number | null;
  readonly signal: string | null;
};

export type Verdict = { readonly passed: number; readonly failed: number; readonly reason?: string };

export const noCounts: Counts = { passed: 0, failed: 0, complete: false };

/** A run that broke off, or that mocha calls failed for a reason of its own, is never without a failure. */
export const judge = ({ counts, code, signal }: MochaEnd): Verdict => {
  const { passed, failed, complete } = counts;
  if (!complete) {
    return {
      passed,
      failed: failed + 1,
      reason: `mocha broke off (${signal ?? `code ${code}`}): counted as one failed`,
    };
  }
  if (code !== 0 && failed === 0) {
    return {
      passed,
      failed: 1,
      reason: `mocha ended with ${signal ?? `code ${code}`}: counted as one failed`,
    };
  }
  return { passed, failed };
};

export const exitCodeOf = ({ passed, failed }: Verdict): number => (failed > 0 || passed === 0 ? 1 : 0);

export const lastLine = ({ passed, failed }: Verdict): string => `${passed} passed, ${failed} failed`;

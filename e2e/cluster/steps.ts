import { setTimeout as delay } from 'node:timers/promises';

export type Step = { readonly does: string; readonly run: () => Promise<void> };

/** Runs steps in order; one that fails ends the run, since each stands on those before. @returns counts. */
export const runSteps = async (steps: readonly Step[]): Promise<{ passed: number; failed: number }> => {
  for (const [passed, { does, run }] of steps.entries()) {
    const started = performance.now();
    try {
      await run();
      console.log(`ok    ${does} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
    } catch (error) {
      console.log(`FAIL  ${does}\n`, error);
      return { passed, failed: steps.length - passed };
    }
  }
  return { passed: steps.length, failed: 0 };
};

/** Asks until there is an answer. @throws after the patience, with what was last wrong. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  patienceSeconds = 120,
): Promise<T> => {
  const deadline = performance.now() + patienceSeconds * 1_000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await delay(500);
  }
  throw new Error(`${what}: not after ${patienceSeconds} s`, { cause: last });
};

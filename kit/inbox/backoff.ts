import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 5;
const LONGEST_MS = 1_000;

/** Waits with jitter, twice as long after each failure, a second at the most. @throws when the signal aborts. */
export const backoff = async (failures: number, signal: AbortSignal): Promise<void> => {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  await delay(ms * (0.5 + Math.random() / 2), undefined, { signal });
};

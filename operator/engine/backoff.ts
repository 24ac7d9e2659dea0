import { pause } from './pause.ts';

/** Waits between attempts: jittered, twice as long after each one that failed, never longer than `longestMs`. */
export interface Backoff {
  /** How long the next wait is to be. Each call doubles. */
  nextMs(): number;
  /** @throws the signal's reason as soon as it aborts. */
  wait(signal: AbortSignal): Promise<void>;
  /** There was progress: the next wait is a short one. */
  reset(): void;
}

export type BackoffOptions = {
  readonly firstMs: number;
  readonly longestMs: number;
  /** From 0 to 1. */
  readonly random?: () => number;
};

export const backoff = ({ firstMs, longestMs, random = Math.random }: BackoffOptions): Backoff => {
  let failures = 0;
  const nextMs = (): number => {
    const ms = Math.min(longestMs, firstMs * 2 ** failures);
    // Counting on would end in Infinity * 0.
    if (ms < longestMs) failures += 1;
    return ms * (0.5 + random() / 2);
  };
  return {
    nextMs,
    wait: (signal) => pause(nextMs(), signal),
    reset: () => {
      failures = 0;
    },
  };
};

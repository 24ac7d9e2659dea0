import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What the load generator is to do. */
export type LoadPlan = {
  /** Of ordering. */
  readonly url: string;
  /** By which the front door would say who asks: one of these for each order. */
  readonly tokens: readonly string[];
  readonly items: readonly string[];
  readonly seconds: number;
  readonly pace: Pace;
};

export type Pace =
  /**
   * So many begin each second, whether or not earlier ones were answered, up to 256 at a time. A machine that cannot
   * keep up places fewer, so that a run ends.
   */
  | { readonly kind: 'open'; readonly perSecond: number }
  /** So many at a time, each followed by the next. */
  | { readonly kind: 'closed'; readonly atOnce: number };

export type LoadResult = {
  /** Answered with 201. */
  readonly placed: number;
  /** Answered otherwise, or not at all. */
  readonly failed: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
};

export type Load = { readonly result: Promise<LoadResult>; stop(): void };

/** Places orders of two lines from a process of its own, so that neither side waits for the other's event loop. */
export const startLoad = (plan: LoadPlan): Load => {
  const child = fork(fileURLToPath(new URL('load-generator.ts', import.meta.url)), { execArgv: [] });
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LoadResult));
    child.once('exit', () => reject(new Error('the load generator ended before it had a result')));
  });
  // Whoever stops it early does not wait for a result.
  result.catch(() => undefined);
  child.send(plan);
  return { result, stop: () => void child.kill('SIGKILL') };
};

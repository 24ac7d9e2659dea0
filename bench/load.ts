import { type LoadProcess, startLoadProcess } from './load-process.ts';
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

export type Load = LoadProcess<LoadResult>;

/** Places orders of two lines from a process of its own, so that neither side waits for the other's event loop. */
export const startLoad = (plan: LoadPlan): Load =>
  startLoadProcess(new URL('load-generator.ts', import.meta.url), plan);

/** Time as the engine measures it: injected, so that specs of schedules need not wait. */
export interface Clock {
  /** Milliseconds on a clock that never goes back; means nothing to other processes. */
  now(): number;
  /** Calls once after so many milliseconds; what it returns takes that back. Never keeps a process from ending. */
  after(ms: number, call: () => void): () => void;
}

/** setTimeout fires at once above this, and nobody minds to be called after 24 days already. */
const LONGEST_MS = 2 ** 31 - 1;

export const monotonicClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, LONGEST_MS)).unref();
    return () => clearTimeout(timer);
  },
};

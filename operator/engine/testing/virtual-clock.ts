import { setImmediate as immediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

type Timer = { readonly due: number; readonly call: () => void };

export type VirtualClock = Clock & {
  /** Lets everything happen that is due within so many milliseconds, in order. */
  advance(ms: number): Promise<void>;
};

/** A clock that moves when it is told to. */
export const virtualClock = (): VirtualClock => {
  let time = 0;
  const timers = new Set<Timer>();
  const nextUntil = (end: number): Timer | undefined =>
    [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  return {
    now: () => time,
    after: (ms, call) => {
      const timer = { due: time + Math.max(0, ms), call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (ms) => {
      const end = time + ms;
      await immediate();
      for (let next = nextUntil(end); next !== undefined; next = nextUntil(end)) {
        timers.delete(next);
        time = next.due;
        next.call();
        await immediate();
      }
      time = end;
    },
  };
};

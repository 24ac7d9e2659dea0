import { type Backoff, type BackoffOptions, backoff } from './backoff.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { emptyFifo, type Fifo, put, take } from './fifo.ts';
import type { ObjectKey } from './kube-object.ts';

/**
 * Keys that wait to be worked on.
 *
 * Guarantee: a key is worked on at least once after each `add`, by at most one worker at a time, and once more
 * afterwards when it was added in the meantime. Adding a key that waits already changes nothing. Keys are taken in the
 * order in which they came, a key that comes back going to the end, so none starves. A key that is taken is no longer
 * delayed: whoever works on it says anew when to look again.
 */
export interface WorkQueue {
  add(key: ObjectKey): void;
  /** Of several delays of one key, the one that ends first counts. */
  addAfter(key: ObjectKey, ms: number): void;
  /** Adds the key after a delay that grows with each failure since the last `forget`. @returns their number. */
  addFailed(key: ObjectKey): number;
  /** The key's next failure is its first again. */
  forget(key: ObjectKey): void;
  /** Until then keys only gather. */
  start(): void;
  /** Takes no more keys, drops delayed ones and resolves when those that wait have been worked on. */
  drain(): Promise<void>;
  /** Takes no more keys, drops all that wait and resolves when the work under way is done. */
  stop(): Promise<void>;
  state(): QueueState;
}

export type QueueState = {
  readonly waiting: number;
  readonly working: number;
  readonly delayed: number;
  /** When there was last nothing to do, or work on a key began or ended, by the queue's clock. */
  readonly movedAt: number;
};

export type QueueHooks = {
  /** Work begins on a key that was due so many milliseconds ago. */
  readonly taken?: (waitedMs: number) => void;
  readonly retried?: () => void;
};

export type WorkQueueOptions = {
  readonly workers: number;
  /** A rejection counts as `addFailed`. */
  readonly work: (key: ObjectKey) => Promise<void>;
  /** 100 ms to half a minute when absent: so soon things heal after whatever was away has come back. */
  readonly retries?: BackoffOptions;
  readonly hooks?: QueueHooks;
  readonly clock?: Clock;
};

type Queue = Required<WorkQueueOptions> & {
  /** Each with the time from which it waits. */
  readonly waiting: Fifo<number>;
  readonly working: Set<ObjectKey>;
  /** Added while they are worked on. */
  readonly again: Map<ObjectKey, number>;
  readonly delayed: Map<ObjectKey, { readonly due: number; readonly cancel: () => void }>;
  readonly failures: Map<ObjectKey, { count: number; readonly pauses: Backoff }>;
  readonly whenIdle: Set<() => void>;
  phase: 'gathering' | 'running' | 'draining' | 'stopped';
  movedAt: number;
  isPumpDue: boolean;
};

export const workQueue = ({ clock = monotonicClock, ...options }: WorkQueueOptions): WorkQueue => {
  const queue: Queue = {
    retries: { firstMs: 100, longestMs: 30_000 },
    hooks: {},
    ...options,
    clock,
    waiting: emptyFifo(),
    working: new Set(),
    again: new Map(),
    delayed: new Map(),
    failures: new Map(),
    whenIdle: new Set(),
    phase: 'gathering',
    movedAt: clock.now(),
    isPumpDue: false,
  };
  return {
    add: (key) => add(queue, key),
    addAfter: (key, ms) => addAfter(queue, key, ms),
    addFailed: (key) => addFailed(queue, key),
    forget: (key) => void queue.failures.delete(key),
    start: () => {
      if (queue.phase === 'gathering') queue.phase = 'running';
      queue.movedAt = clock.now();
      pumpSoon(queue);
    },
    drain: () => end(queue, 'draining'),
    stop: () => end(queue, 'stopped'),
    state: () => ({
      waiting: queue.waiting.entries.size + queue.again.size,
      working: queue.working.size,
      delayed: queue.delayed.size,
      movedAt: isIdle(queue) ? clock.now() : queue.movedAt,
    }),
  };
};

const accepts = ({ phase }: Queue): boolean => phase === 'gathering' || phase === 'running';
const isIdle = ({ waiting, working }: Queue): boolean => waiting.entries.size === 0 && working.size === 0;

const add = (queue: Queue, key: ObjectKey): void => {
  if (!accepts(queue)) return;
  const now = queue.clock.now();
  if (isIdle(queue)) queue.movedAt = now;
  if (!queue.working.has(key)) put(queue.waiting, key, now);
  else if (!queue.again.has(key)) queue.again.set(key, now);
  pumpSoon(queue);
};

const addAfter = (queue: Queue, key: ObjectKey, ms: number): void => {
  if (!accepts(queue)) return;
  const due = queue.clock.now() + ms;
  if ((queue.delayed.get(key)?.due ?? Number.POSITIVE_INFINITY) <= due) return;
  undelay(queue, key);
  const cancel = queue.clock.after(ms, () => {
    queue.delayed.delete(key);
    add(queue, key);
  });
  queue.delayed.set(key, { due, cancel });
};

const undelay = ({ delayed }: Queue, key: ObjectKey): void => {
  delayed.get(key)?.cancel();
  delayed.delete(key);
};

const addFailed = (queue: Queue, key: ObjectKey): number => {
  const failures = queue.failures.get(key) ?? { count: 0, pauses: backoff(queue.retries) };
  queue.failures.set(key, failures);
  failures.count += 1;
  queue.hooks.retried?.();
  addAfter(queue, key, failures.pauses.nextMs());
  return failures.count;
};

/** Not at once: whoever adds may be in the middle of telling of many changes. */
const pumpSoon = (queue: Queue): void => {
  if (queue.isPumpDue || queue.phase === 'gathering') return;
  queue.isPumpDue = true;
  queueMicrotask(() => {
    queue.isPumpDue = false;
    pump(queue);
  });
};

const pump = (queue: Queue): void => {
  while (queue.working.size < queue.workers) {
    const next = take(queue.waiting);
    if (next === undefined) break;
    void workOn(queue, ...next);
  }
  if (!isIdle(queue)) return;
  for (const resolve of queue.whenIdle) resolve();
  queue.whenIdle.clear();
};

const workOn = async (queue: Queue, key: ObjectKey, dueAt: number): Promise<void> => {
  queue.working.add(key);
  undelay(queue, key);
  queue.movedAt = queue.clock.now();
  queue.hooks.taken?.(queue.movedAt - dueAt);
  try {
    await queue.work(key);
  } catch {
    addFailed(queue, key);
  }
  queue.working.delete(key);
  queue.movedAt = queue.clock.now();
  const addedAt = queue.again.get(key);
  queue.again.delete(key);
  if (addedAt !== undefined && queue.phase !== 'stopped') put(queue.waiting, key, addedAt);
  pumpSoon(queue);
};

const end = (queue: Queue, phase: 'draining' | 'stopped'): Promise<void> => {
  if (queue.phase !== 'stopped') queue.phase = phase;
  for (const key of [...queue.delayed.keys()]) undelay(queue, key);
  if (queue.phase === 'stopped') queue.waiting.entries.clear();
  return new Promise((resolve) => {
    queue.whenIdle.add(resolve);
    pumpSoon(queue);
  });
};

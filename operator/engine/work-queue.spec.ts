import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type VirtualClock, virtualClock } from './testing/virtual-clock.ts';
import { type WorkQueue, type WorkQueueOptions, workQueue } from './work-queue.ts';

type Run = { readonly key: string; readonly at: number; readonly waited: number };

type Bench = {
  readonly clock: VirtualClock;
  readonly queue: WorkQueue;
  /** In the order in which work on them began. */
  readonly runs: Run[];
  /** The keys under way, and how to end the work on them. */
  readonly open: Map<string, (error?: Error) => void>;
  /** Ends the work on a key and lets what follows happen. */
  finish(key: string, error?: Error): Promise<void>;
  worst: { atOnce: number; sameKeyTwice: boolean };
};

const aBench = (options: Partial<WorkQueueOptions> = {}): Bench => {
  const clock = virtualClock();
  const open: Bench['open'] = new Map();
  const runs: Run[] = [];
  const worst = { atOnce: 0, sameKeyTwice: false };
  let waited = 0;
  const queue = workQueue({
    workers: 2,
    clock,
    retries: { firstMs: 100, longestMs: 500, random: () => 1 },
    hooks: {
      taken: (ms) => {
        waited = ms;
      },
    },
    work: (key) => {
      worst.sameKeyTwice ||= open.has(key);
      runs.push({ key, at: clock.now(), waited });
      return new Promise((resolve, reject) => {
        open.set(key, (error) => {
          open.delete(key);
          if (error) reject(error);
          else resolve();
        });
        worst.atOnce = Math.max(worst.atOnce, open.size);
      });
    },
    ...options,
  });
  const finish = async (key: string, error?: Error) => {
    open.get(key)?.(error);
    await clock.advance(0);
  };
  return { clock, queue, runs, open, finish, worst };
};

const keysOf = ({ runs }: Bench) => runs.map(({ key }) => key);

const finishAll = async ({ open, finish, clock }: Bench) => {
  await clock.advance(0);
  while (open.size > 0) for (const key of [...open.keys()]) await finish(key);
};

describe('workQueue', () => {
  it('only gathers before it is started', async () => {
    const bench = aBench();
    bench.queue.add('a');
    await bench.clock.advance(1_000);
    deepEqual(keysOf(bench), []);
    bench.queue.start();
    await bench.clock.advance(0);
    deepEqual(bench.runs, [{ key: 'a', at: 1_000, waited: 1_000 }]);
  });

  it('works once on a key that is added often', async () => {
    const bench = aBench();
    for (const key of ['a', 'a', 'b', 'a']) bench.queue.add(key);
    bench.queue.start();
    await finishAll(bench);
    deepEqual(keysOf(bench), ['a', 'b']);
  });

  it('works once more on a key that is added while it is worked on, after it is done', async () => {
    const bench = aBench();
    bench.queue.start();
    bench.queue.add('a');
    await bench.clock.advance(0);
    for (let times = 0; times < 3; times += 1) bench.queue.add('a');
    await bench.clock.advance(1_000);
    deepEqual(keysOf(bench), ['a']);
    await finishAll(bench);
    deepEqual(keysOf(bench), ['a', 'a']);
  });

  it('lets no key starve others that is added all the time', async () => {
    const bench = aBench({ workers: 1 });
    bench.queue.start();
    for (const key of ['loud', 'b', 'c', 'd']) bench.queue.add(key);
    await bench.clock.advance(0);
    while (bench.runs.length < 8) {
      bench.queue.add('loud');
      const [current = ''] = bench.open.keys();
      await bench.finish(current);
    }
    deepEqual(keysOf(bench).slice(0, 6), ['loud', 'b', 'c', 'd', 'loud', 'loud']);
  });

  describe('with delays', () => {
    it('takes the one that ends first', async () => {
      const bench = aBench();
      bench.queue.start();
      bench.queue.addAfter('a', 500);
      bench.queue.addAfter('a', 200);
      bench.queue.addAfter('a', 900);
      await bench.clock.advance(1_000);
      deepEqual(bench.runs, [{ key: 'a', at: 200, waited: 0 }]);
      await finishAll(bench);
      await bench.clock.advance(1_000);
      equal(bench.runs.length, 1);
    });

    it('drops the delay of a key that is worked on before', async () => {
      const bench = aBench();
      bench.queue.start();
      bench.queue.addAfter('a', 500);
      bench.queue.add('a');
      await finishAll(bench);
      await bench.clock.advance(1_000);
      equal(bench.runs.length, 1);
    });
  });

  describe('with failures', () => {
    it('waits twice as long each time, up to the maximum, until told to forget', async () => {
      const bench = aBench();
      bench.queue.start();
      bench.queue.add('a');
      await bench.clock.advance(0);
      for (let failures = 1; failures <= 5; failures += 1) {
        await bench.finish('a', new Error('no'));
        await bench.clock.advance(500);
      }
      const starts = bench.runs.map(({ at }) => at);
      deepEqual(starts, [0, 100, 700, 1_400, 2_000, 2_500]);
      bench.queue.forget('a');
      equal(bench.queue.addFailed('a'), 1);
    });
  });

  describe('when it ends', () => {
    it('drains what waits and takes no more', async () => {
      const bench = aBench({ workers: 1 });
      bench.queue.start();
      for (const key of ['a', 'b']) bench.queue.add(key);
      bench.queue.addAfter('later', 100);
      await bench.clock.advance(0);
      const drained = bench.queue.drain();
      bench.queue.add('c');
      await finishAll(bench);
      await drained;
      await bench.clock.advance(1_000);
      deepEqual(keysOf(bench), ['a', 'b']);
    });

    it('stops without what waits, but not before the work under way is done', async () => {
      const bench = aBench({ workers: 1 });
      bench.queue.start();
      for (const key of ['a', 'b']) bench.queue.add(key);
      await bench.clock.advance(0);
      bench.queue.add('a');
      let isStopped = false;
      const stopped = bench.queue.stop().then(() => {
        isStopped = true;
      });
      await bench.clock.advance(1_000);
      equal(isStopped, false);
      await bench.finish('a');
      await stopped;
      deepEqual(keysOf(bench), ['a']);
      deepEqual(bench.queue.state().waiting, 0);
    });

    it('may be told so before it was started', async () => {
      const bench = aBench();
      bench.queue.add('a');
      await bench.queue.stop();
      deepEqual(keysOf(bench), []);
    });
  });

  it('says since when nothing moves', async () => {
    const bench = aBench({ workers: 1 });
    bench.queue.start();
    await bench.clock.advance(5_000);
    equal(bench.queue.state().movedAt, 5_000);
    for (const key of ['a', 'b']) bench.queue.add(key);
    await bench.clock.advance(3_000);
    deepEqual(bench.queue.state(), { waiting: 1, working: 1, delayed: 0, movedAt: 5_000 });
    await bench.finish('a');
    equal(bench.queue.state().movedAt, 8_000);
  });
});

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('add' as const), key }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('finish' as const), key }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fail' as const), key }) },
  fc.record({ does: fc.constant('addAfter' as const), key, ms: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ does: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 300 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What was asked for and what began, in order. */
type Entry = { readonly what: 'asked' | 'added to the end' | 'began'; readonly key: string };

const play = async (steps: readonly Step[], workers: number): Promise<{ bench: Bench; log: Entry[] }> => {
  const log: Entry[] = [];
  const waiting = new Set<string>();
  const bench = aBench({ workers });
  const { push } = bench.runs;
  bench.runs.push = (run) => {
    log.push({ what: 'began', key: run.key });
    waiting.delete(run.key);
    return push.call(bench.runs, run);
  };
  bench.queue.start();
  for (const one of steps) {
    if (one.does === 'advance') await bench.clock.advance(one.ms);
    else if (one.does === 'add') {
      const isNew = !waiting.has(one.key) && !bench.open.has(one.key);
      log.push({ what: isNew ? 'added to the end' : 'asked', key: one.key });
      waiting.add(one.key);
      bench.queue.add(one.key);
    } else if (one.does === 'addAfter') {
      log.push({ what: 'asked', key: one.key });
      bench.queue.addAfter(one.key, one.ms);
    } else if (bench.open.has(one.key)) {
      if (one.does === 'fail') log.push({ what: 'asked', key: one.key });
      await bench.finish(one.key, one.does === 'fail' ? new Error('no') : undefined);
    }
  }
  for (let quiet = 0; quiet < 3; quiet += 1) {
    await finishAll(bench);
    await bench.clock.advance(60_000);
  }
  return { bench, log };
};

describe('workQueue under any schedule', () => {
  const schedules = [fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 })] as const;

  it('never works twice at once on a key, nor on more keys than it has workers', () =>
    fc.assert(
      fc.asyncProperty(...schedules, async (steps, workers) => {
        const { bench } = await play(steps, workers);
        ok(!bench.worst.sameKeyTwice);
        ok(bench.worst.atOnce <= workers);
      }),
    ));

  it('works on a key after each time that it was asked to, and never unasked', () =>
    fc.assert(
      fc.asyncProperty(...schedules, async (steps, workers) => {
        const { bench, log } = await play(steps, workers);
        log.forEach(({ what, key }, at) => {
          const isDone = log.slice(at + 1).some((later) => later.what === 'began' && later.key === key);
          ok(what === 'began' || isDone, `nothing came of ${key}, asked for at ${at}`);
        });
        ok(bench.runs.length <= log.filter(({ what }) => what !== 'began').length);
        deepEqual({ ...bench.queue.state(), movedAt: 0 }, { waiting: 0, working: 0, delayed: 0, movedAt: 0 });
      }),
    ));

  it('lets every other key go first once at the most', () =>
    fc.assert(
      fc.asyncProperty(...schedules, async (steps, workers) => {
        const { log } = await play(steps, workers);
        log.forEach(({ what, key }, at) => {
          if (what !== 'added to the end') return;
          const rest = log.slice(at + 1).filter((entry) => entry.what === 'began');
          const before = rest.slice(
            0,
            rest.findIndex((entry) => entry.key === key),
          );
          equal(new Set(before.map((entry) => entry.key)).size, before.length);
        });
      }),
    ));
});

import { deepEqual, equal, rejects } from 'node:assert/strict';
import { backoff } from './backoff.ts';

describe('backoff', () => {
  it('doubles up to the longest wait', () => {
    const { nextMs } = backoff({ firstMs: 100, longestMs: 500, random: () => 1 });
    deepEqual([nextMs(), nextMs(), nextMs(), nextMs(), nextMs()], [100, 200, 400, 500, 500]);
  });

  it('waits at least half as long, so that it never spins', () => {
    equal(backoff({ firstMs: 100, longestMs: 500, random: () => 0 }).nextMs(), 50);
  });

  it('begins again after progress', () => {
    const { nextMs, reset } = backoff({ firstMs: 100, longestMs: 500, random: () => 1 });
    nextMs();
    nextMs();
    reset();
    equal(nextMs(), 100);
  });

  it('goes on for ever', () => {
    const { nextMs } = backoff({ firstMs: 100, longestMs: 500, random: () => 1 });
    for (let failure = 0; failure < 5_000; failure += 1) nextMs();
    equal(nextMs(), 500);
  });

  it('ends a wait with the reason of the signal', async () => {
    const reason = new Error('stopped');
    const stop = new AbortController();
    const waiting = backoff({ firstMs: 60_000, longestMs: 60_000 }).wait(stop.signal);
    stop.abort(reason);
    await rejects(waiting, reason);
  });
});

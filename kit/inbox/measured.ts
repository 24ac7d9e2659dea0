import { Counter, Histogram, type Registry } from 'prom-client';
import type { Inbox } from './inbox.ts';

/** Counts the batches that an inbox handled and how long each took, waiting for MongoDB included. */
export const measured = (next: Inbox, registry: Registry): Inbox => {
  const seconds = new Histogram({
    name: 'cadastre_inbox_batch_seconds',
    help: 'Time to handle a batch of events, retries included',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
    registers: [registry],
  });
  const events = new Counter({
    name: 'cadastre_inbox_events_total',
    help: 'Events and bare events in the batches that were handled, duplicates included',
    registers: [registry],
  });
  return {
    ...next,
    handle: async (batch) => {
      const stop = seconds.startTimer();
      await next.handle(batch);
      stop();
      events.inc(batch.events.length);
    },
  };
};

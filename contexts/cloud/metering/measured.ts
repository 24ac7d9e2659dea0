import { Counter, Histogram, type Registry } from 'prom-client';
import type { Meter } from './groups.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** Tells how long answers wait until they are counted, and how many were withheld. */
export const measuredMeter = (next: Meter, metrics: Registry): Meter => {
  const seconds = new Histogram({
    name: 'cloud_metering_wait_seconds',
    help: 'Seconds that an answer, or a megabyte of it, waited until its group was committed.',
    buckets: BUCKETS,
    registers: [metrics],
  });
  const withheld = new Counter({
    name: 'cloud_metering_failures_total',
    help: 'Answers, or megabytes, that were withheld because they could not be counted.',
    registers: [metrics],
  });
  return {
    count: async (counts) => {
      const started = performance.now();
      try {
        await next.count(counts);
        seconds.observe((performance.now() - started) / 1_000);
      } catch (error) {
        withheld.inc();
        throw error;
      }
    },
    close: next.close,
  };
};

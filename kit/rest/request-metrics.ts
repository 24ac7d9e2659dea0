import { Histogram, type Registry } from 'prom-client';
import type { RestMiddleware } from './state.ts';

const NAME = 'http_request_duration_seconds';
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const LABELS = ['method', 'route', 'status'] as const;

/** Seconds per route template, method and status. The concrete path is no label: it would never end. */
export const requestMetrics = (metrics: Registry): RestMiddleware => {
  const histogram = new Histogram({
    name: NAME,
    help: 'Seconds from the request head to the answer.',
    labelNames: LABELS,
    buckets: BUCKETS,
    registers: [metrics],
  });
  return async (ctx, next) => {
    const started = performance.now();
    await next();
    const { method, status, state } = ctx;
    histogram.observe(
      { method, route: state.route ?? 'unmatched', status },
      (performance.now() - started) / 1_000,
    );
  };
};

import { Histogram, type Registry } from 'prom-client';
import type { RestMiddleware } from './state.ts';

const NAME = 'http_request_duration_seconds';
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const LABELS = ['method', 'route', 'status', 'port'] as const;

/** On which a request came: for everyone, or for the platform's own people. */
export type Port = 'api' | 'admin';

/** Seconds per route template, method, status and port. The concrete path is no label: it would never end. */
export const requestMetrics = (metrics: Registry, port: Port = 'api'): RestMiddleware => {
  const histogram = durationsIn(metrics);
  return async (ctx, next) => {
    const started = performance.now();
    await next();
    const { method, status, state } = ctx;
    const labels = { method, route: state.route ?? 'unmatched', status, port };
    histogram.observe(labels, (performance.now() - started) / 1_000);
  };
};

/** One for all ports of a process: a registry takes a name once. */
const durationsIn = (metrics: Registry): Histogram<(typeof LABELS)[number]> => {
  const known = metrics.getSingleMetric(NAME);
  if (known instanceof Histogram) return known;
  return new Histogram({
    name: NAME,
    help: 'Seconds from the request head to the answer.',
    labelNames: LABELS,
    buckets: BUCKETS,
    registers: [metrics],
  });
};

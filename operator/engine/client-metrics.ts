import { Counter, Histogram, type Registry } from 'prom-client';

export type ClientMetrics = {
  readonly requests: Counter<'method' | 'resource' | 'code'>;
  readonly seconds: Histogram<'method' | 'resource'>;
};

const made = new WeakMap<Registry, ClientMetrics>();

/** Several clients may share a registry, and a metric is registered once. */
export const clientMetrics = (registry: Registry): ClientMetrics => {
  const known = made.get(registry);
  if (known) return known;
  const metrics = {
    requests: new Counter({
      name: 'kube_client_requests_total',
      help: 'Answers of the API server, each attempt by itself; code is the HTTP status, lost, or cancelled',
      labelNames: ['method', 'resource', 'code'] as const,
      registers: [registry],
    }),
    seconds: new Histogram({
      name: 'kube_client_request_duration_seconds',
      help: 'Time until the whole answer was there; of a watch, until it was open',
      labelNames: ['method', 'resource'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    }),
  };
  made.set(registry, metrics);
  return metrics;
};

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { QueueState } from './work-queue.ts';

export type ReconcileMetrics = {
  readonly waited: Histogram<'controller'>;
  readonly retries: Counter<'controller'>;
  readonly seconds: Histogram<'controller' | 'outcome'>;
  /** Queues to be asked whenever the metrics are, by controller. */
  readonly queues: Map<string, () => QueueState>;
};

const made = new WeakMap<Registry, ReconcileMetrics>();

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

/** All controllers share their metrics, and a metric is registered once. */
export const reconcileMetrics = (registry: Registry): ReconcileMetrics => {
  const known = made.get(registry);
  if (known) return known;
  const registers = [registry];
  const queues: ReconcileMetrics['queues'] = new Map();
  new Gauge({
    name: 'reconcile_queue_keys',
    help: 'Keys of parents by what they do: waiting, worked on, or delayed',
    labelNames: ['controller', 'state'] as const,
    registers,
    collect() {
      this.reset();
      for (const [controller, state] of queues) {
        const { waiting, working, delayed } = state();
        this.set({ controller, state: 'waiting' }, waiting);
        this.set({ controller, state: 'working' }, working);
        this.set({ controller, state: 'delayed' }, delayed);
      }
    },
  });
  const metrics = {
    queues,
    waited: new Histogram({
      name: 'reconcile_queue_wait_seconds',
      help: 'Time from when a key was due until work on it began',
      labelNames: ['controller'] as const,
      buckets: SECONDS,
      registers,
    }),
    retries: new Counter({
      name: 'reconcile_retries_total',
      help: 'Reconciliations that are tried again because they failed',
      labelNames: ['controller'] as const,
      registers,
    }),
    seconds: new Histogram({
      name: 'reconcile_duration_seconds',
      help: 'Reconciliations; outcome is done, failed, or retried for what passes by itself',
      labelNames: ['controller', 'outcome'] as const,
      buckets: SECONDS,
      registers,
    }),
  };
  made.set(registry, metrics);
  return metrics;
};

import { Counter, Gauge, type Registry } from 'prom-client';

export type ReflectorMetrics = {
  readonly lists: Counter<'resource'>;
  readonly watchEnds: Counter<'resource' | 'reason'>;
  readonly misses: Counter<'resource'>;
  /** Reflectors to be asked whenever the metrics are. */
  readonly observed: Map<string, Observed>;
};

export type Observed = { size(): number; secondsSinceSign(): number };

const made = new WeakMap<Registry, ReflectorMetrics>();

const labelNames = ['resource'] as const;

const observedGauge = (
  { name, help, registry }: { name: string; help: string; registry: Registry },
  observed: ReflectorMetrics['observed'],
  read: (reflector: Observed) => number,
): void => {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const [resource, reflector] of observed) this.set({ resource }, read(reflector));
    },
  });
};

/** All reflectors share their metrics, and a metric is registered once. */
export const reflectorMetrics = (registry: Registry): ReflectorMetrics => {
  const known = made.get(registry);
  if (known) return known;
  const observed = new Map<string, Observed>();
  const registers = [registry];
  observedGauge(
    { name: 'reflector_objects', help: 'Objects in the cache', registry },
    observed,
    (reflector) => reflector.size(),
  );
  observedGauge(
    {
      name: 'reflector_last_sign_age_seconds',
      help: 'Since the last list, event or bookmark: how far behind the cache may be',
      registry,
    },
    observed,
    (reflector) => reflector.secondsSinceSign(),
  );
  const metrics = {
    observed,
    lists: new Counter({
      name: 'reflector_lists_total',
      help: 'Complete lists; more than one means that a watch could not go on',
      labelNames,
      registers,
    }),
    watchEnds: new Counter({
      name: 'reflector_watch_ends_total',
      help: 'Ends of lists and watches: closed by the API server, lost, expired, or the HTTP status',
      labelNames: ['resource', 'reason'] as const,
      registers,
    }),
    misses: new Counter({
      name: 'reflector_cache_misses_total',
      help: 'Times that the cache was asked for an object that is not there',
      labelNames,
      registers,
    }),
  };
  made.set(registry, metrics);
  return metrics;
};

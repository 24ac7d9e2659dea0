import { collectDefaultMetrics, Registry } from 'prom-client';

export type MetricsOptions = {
  /** A label of every metric, so that one dashboard shows all contexts. */
  readonly context: string;
  /** Also memory, event loop lag and garbage collection of this process. */
  readonly defaults?: boolean;
};

/** A registry of its own per process part: the global one would mix contexts that share a process in specs. */
export const createMetrics = ({ context, defaults = false }: MetricsOptions): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ context });
  if (defaults) collectDefaultMetrics({ register: registry });
  return registry;
};

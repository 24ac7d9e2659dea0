import type { Registry } from 'prom-client';

/** Reconciliations that have ended, whatever came of them. */
export const endedRounds = async (registry: Registry): Promise<number> => {
  const metric = await registry.getSingleMetric('reconcile_duration_seconds')?.get();
  const counts = metric?.values.filter(
    (one) => 'metricName' in one && String(one.metricName).endsWith('_count'),
  );
  return counts?.reduce((sum, { value }) => sum + value, 0) ?? 0;
};

import type { KubeObject } from '../../engine/kube-object.ts';
import { mapOf } from '../map.ts';
import { MAP_CONFIG, SERVICE_ACCOUNT } from '../names.ts';
import type { CellOptions } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { mapConfig } from './base.ts';
import { deployment } from './deployment.ts';
import { networkPolicies } from './network-policies.ts';
import { autoscaler, disruptionBudget, secret, service } from './serving.ts';
import type { Workload } from './workload.ts';

/** What a cell has in the cluster beside its namespace and what governs that. */
export const childrenOf = (outcome: Outcome, options: CellOptions): KubeObject[] => {
  const { cell, observed, placed, replicas } = outcome;
  const { landscape, tenants } = observed;
  const { operatorNamespace, progressDeadlineSeconds = 180, logLevel = 'info' } = options;
  const place = {
    cell: cell.metadata.name,
    namespace: cell.spec.namespace,
    serviceAccount: SERVICE_ACCOUNT,
    mapConfig: MAP_CONFIG,
  };
  return [
    mapConfig(cell.spec.namespace, mapOf(cell, { tenants, landscape, operatorNamespace }, placed)),
    ...networkPolicies(cell, { placed, landscape, options }),
    ...placed.flatMap((one) =>
      workloadChildren({ ...one, ...place, replicas, progressDeadlineSeconds, logLevel }),
    ),
  ];
};

/** What one context has, in a cell or among the platform's. */
export const workloadChildren = (workload: Workload): KubeObject[] => [
  ...(workload.access ? [secret(workload, workload.access)] : []),
  deployment(workload),
  service(workload),
  ...(workload.isAwake ? [autoscaler(workload)] : []),
  disruptionBudget(workload),
];

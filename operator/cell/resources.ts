import type { Resource } from '../engine/resource.ts';

const core = { group: '', version: 'v1', namespaced: true } as const;

export const namespaces: Resource = { ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false };
export const resourceQuotas: Resource = { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' };
export const limitRanges: Resource = { ...core, kind: 'LimitRange', plural: 'limitranges' };
export const serviceAccounts: Resource = { ...core, kind: 'ServiceAccount', plural: 'serviceaccounts' };
export const secrets: Resource = { ...core, kind: 'Secret', plural: 'secrets' };
export const configMaps: Resource = { ...core, kind: 'ConfigMap', plural: 'configmaps' };
export const pods: Resource = { ...core, kind: 'Pod', plural: 'pods' };
export const services: Resource = { ...core, kind: 'Service', plural: 'services' };
export const deployments: Resource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
export const networkPolicies: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
};
export const autoscalers: Resource = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
};
export const disruptionBudgets: Resource = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
};

/** All that a cell is made of. */
export const cellChildren: readonly Resource[] = [
  namespaces,
  resourceQuotas,
  limitRanges,
  networkPolicies,
  serviceAccounts,
  configMaps,
  secrets,
  deployments,
  services,
  autoscalers,
  disruptionBudgets,
];

import type { V1DeploymentSpec } from '@kubernetes/client-node';
import {
  FRONT_DOOR_LABEL,
  ours,
  PLATFORM_CELL,
  podSelectorOf,
  READS_LABEL,
  REFUSED_RELEASE,
  RELEASE,
  RELEASE_BEFORE,
  SECRET_HASH,
} from '../names.ts';
import type { Release } from '../release.ts';
import { podSpec } from './pod.ts';
import type { Workload } from './workload.ts';

export const deployment = (workload: Workload) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: ours({
    name: workload.name,
    namespace: workload.namespace,
    labels: labelsOf(workload),
    annotations: {
      ...remembered(RELEASE, workload.release),
      ...remembered(RELEASE_BEFORE, workload.before),
      ...remembered(REFUSED_RELEASE, workload.refused),
    },
  }),
  spec: {
    // How many is for the autoscaler to say, but for none.
    ...(!workload.isAwake && { replicas: 0 }),
    revisionHistoryLimit: 2,
    progressDeadlineSeconds: workload.progressDeadlineSeconds,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    selector: { matchLabels: podSelectorOf(workload.cell, workload.name) },
    template: {
      metadata: {
        labels: { ...labelsOf(workload), ...readsOf(workload) },
        annotations: { [SECRET_HASH]: workload.secretHash },
      },
      spec: podSpec(workload),
    },
  } satisfies V1DeploymentSpec,
});

/** No version: a label of the pods that changes would restart them. */
const labelsOf = ({ cell, name, release }: Workload): Record<string, string> => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': cell,
  'app.kubernetes.io/component': 'context',
  ...podSelectorOf(cell, name),
  ...(release.frontDoor && { [FRONT_DOOR_LABEL]: 'true' }),
});

/** Where tenants are has to be known at once by those who serve all of them. */
const readsOf = ({ cell, mapConfig }: Workload) => cell === PLATFORM_CELL && { [READS_LABEL]: mapConfig };

export const remembered = (annotation: string, release: Release | undefined) =>
  release === undefined ? {} : { [annotation]: JSON.stringify(release) };

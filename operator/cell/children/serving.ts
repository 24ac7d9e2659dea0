import type {
  V1PodDisruptionBudgetSpec,
  V1ServiceSpec,
  V2HorizontalPodAutoscalerSpec,
} from '@kubernetes/client-node';
import { type Access, encoded } from '../access.ts';
import { ours, PROVEN_RELEASE, podSelectorOf, ROTATED_AT } from '../names.ts';
import { remembered } from './deployment.ts';
import type { Workload } from './workload.ts';

/** Of the busy CPU that a replica is given, so that the next one is there before this one is slow. */
const BUSY_PERCENT = 70;

export const secret = ({ name, namespace }: Pick<Workload, 'name' | 'namespace'>, access: Access) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: ours({ name, namespace, annotations: { [ROTATED_AT]: access.rotation } }),
  type: 'Opaque',
  data: { MONGODB_URI: encoded(access.mongodbUri), REDIS_URL: encoded(access.redisUrl) },
});

/** The API alone. The admin port is reached by port-forward, so that access to it is what RBAC says. */
export const service = ({ cell, name, namespace, good }: Workload) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: ours({
    name,
    namespace,
    labels: podSelectorOf(cell, name),
    annotations: remembered(PROVEN_RELEASE, good),
  }),
  spec: {
    type: 'ClusterIP',
    selector: podSelectorOf(cell, name),
    ports: [{ name: 'api', port: 80, targetPort: 'api', protocol: 'TCP' }],
  } satisfies V1ServiceSpec,
});

export const autoscaler = ({ name, namespace, replicas: { min, max } }: Workload) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: ours({ name, namespace }),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: min,
    maxReplicas: max,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: BUSY_PERCENT } },
      },
    ],
  } satisfies V2HorizontalPodAutoscalerSpec,
});

/** A pod that is not ready holds up nobody who drains a node. */
export const disruptionBudget = ({ cell, name, namespace }: Workload) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: ours({ name, namespace }),
  spec: {
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: podSelectorOf(cell, name) },
  } satisfies V1PodDisruptionBudgetSpec,
});

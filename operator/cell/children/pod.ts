import type { V1Container, V1EnvVar, V1PodSpec } from '@kubernetes/client-node';
import { consumerName, redisPrefix } from '../../../kit/context-map/context-map.ts';
import { ADMIN_PORT, API_PORT, MAP_FILE, METRICS_PORT, podSelectorOf } from '../names.ts';
import type { Workload } from './workload.ts';

const MAP_FOLDER = '/etc/cadastre';

/** A pod that Pod Security `restricted` lets in, under the process contract. */
export const podSpec = (workload: Workload): V1PodSpec => ({
  serviceAccountName: workload.serviceAccount,
  automountServiceAccountToken: false,
  // A variable for every Service of the namespace could be taken for one of the process contract.
  enableServiceLinks: false,
  // Three seconds until no Service sends anything any more, 20 to drain, some to spare.
  terminationGracePeriodSeconds: 30,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: podSelectorOf(workload.cell, workload.name) },
    },
  ],
  containers: [container(workload)],
  volumes: [
    { name: 'tmp', emptyDir: { sizeLimit: '100Mi' } },
    { name: 'map', configMap: { name: workload.mapConfig } },
  ],
});

const container = (workload: Workload): V1Container => ({
  name: 'context',
  image: workload.release.image,
  env: environment(workload),
  ports: [
    { name: 'api', containerPort: API_PORT, protocol: 'TCP' },
    { name: 'admin', containerPort: ADMIN_PORT, protocol: 'TCP' },
    { name: 'metrics', containerPort: METRICS_PORT, protocol: 'TCP' },
  ],
  // The first start of a process compiles its sources, and may share its core with many others.
  startupProbe: { httpGet: { path: '/livez', port: 'admin' }, periodSeconds: 1, failureThreshold: 120 },
  livenessProbe: {
    httpGet: { path: '/livez', port: 'admin' },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
  readinessProbe: { httpGet: { path: '/readyz', port: 'admin' }, periodSeconds: 2, timeoutSeconds: 2 },
  lifecycle: { preStop: { sleep: { seconds: 3 } } },
  resources: {
    requests: { ...workload.release.resources },
    limits: { memory: workload.release.resources.memory },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [
    { name: 'tmp', mountPath: '/tmp' },
    // The folder, not the file: a file mounted by subPath never changes.
    { name: 'map', mountPath: MAP_FOLDER, readOnly: true },
  ],
});

/** kit/service/config.ts: these variables and no others. */
const environment = ({ cell, name, logLevel }: Workload): V1EnvVar[] => {
  const consumer = consumerName({ cell, name });
  return [
    { name: 'PORT', value: `${API_PORT}` },
    { name: 'ADMIN_PORT', value: `${ADMIN_PORT}` },
    { name: 'METRICS_PORT', value: `${METRICS_PORT}` },
    { name: 'MONGODB_URI', valueFrom: { secretKeyRef: { name, key: 'MONGODB_URI' } } },
    { name: 'MONGODB_DATABASE', value: consumer },
    { name: 'REDIS_URL', valueFrom: { secretKeyRef: { name, key: 'REDIS_URL' } } },
    { name: 'REDIS_PREFIX', value: redisPrefix(consumer) },
    { name: 'CADASTRE_MAP', value: `${MAP_FOLDER}/${MAP_FILE}` },
    { name: 'CADASTRE_CELL', value: cell },
    { name: 'LOG_LEVEL', value: logLevel },
  ];
};

import type { V1ResourceQuotaSpec } from '@kubernetes/client-node';
import type { Cell } from '../../api/cell.ts';
import type { KubeObject } from '../../engine/kube-object.ts';
import { CELL_LABEL, MAP_CONFIG, MAP_FILE, ours, SERVICE_ACCOUNT } from '../names.ts';
import { copyOf, type PullSecret } from '../pull-secrets.ts';
import type { Quotas } from '../quotas.ts';
import { pullSecretCopies } from './pull-secrets.ts';

const restricted = (mode: string) => ({
  [`pod-security.kubernetes.io/${mode}`]: 'restricted',
  [`pod-security.kubernetes.io/${mode}-version`]: 'latest',
});

/** What every cell has, whatever runs in it. */
export const base = (
  { metadata, spec: { namespace } }: Cell,
  { quotas, pullSecrets }: { readonly quotas: Quotas; readonly pullSecrets: readonly PullSecret[] },
): KubeObject[] => {
  const labels = { [CELL_LABEL]: metadata.name };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: ours({
        name: namespace,
        labels: { ...labels, ...restricted('enforce'), ...restricted('audit'), ...restricted('warn') },
      }),
    },
    resourceQuota(namespace, quotas),
    limitRange(namespace, quotas),
    ...pullSecretCopies(namespace, pullSecrets),
    serviceAccount(namespace, {
      name: SERVICE_ACCOUNT,
      pullSecrets: pullSecrets.map(({ name }) => copyOf(name)),
    }),
  ];
};

/** Without a limit of CPU: what nobody else needs may be used, and a throttled start takes minutes. */
const resourceQuota = (namespace: string, quotas: Quotas) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: ours({ name: 'quota', namespace }),
  spec: {
    hard: {
      'requests.cpu': quotas.cpu,
      'requests.memory': quotas.memory,
      'limits.memory': quotas.memory,
      'requests.storage': quotas.storage,
    },
  } satisfies V1ResourceQuotaSpec,
});

/** Lets a pod that says nothing, such as one for debugging, start within the quota. */
const limitRange = (namespace: string, { storage }: Quotas) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: ours({ name: 'limits', namespace }),
  spec: {
    limits: [
      { type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' }, default: { memory: '192Mi' } },
      { type: 'PersistentVolumeClaim', max: { storage } },
    ],
  },
});

/** Pods take the credentials for registries from here, so that other credentials restart none of them. */
export const serviceAccount = (
  namespace: string,
  { name, pullSecrets }: { readonly name: string; readonly pullSecrets: readonly string[] },
) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: ours({ name, namespace }),
  automountServiceAccountToken: false,
  ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets.map((one) => ({ name: one })) }),
});

export const mapConfig = (namespace: string, map: unknown) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: ours({ name: MAP_CONFIG, namespace }),
  data: { [MAP_FILE]: JSON.stringify(map) },
});

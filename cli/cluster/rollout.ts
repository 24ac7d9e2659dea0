import { deployments } from '../../operator/cell/resources.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { pause } from '../../operator/engine/pause.ts';
import type { Resource } from '../../operator/engine/resource.ts';
import { listPage } from '../../operator/engine/verbs.ts';
import { progressOnChange } from '../print.ts';

const WORKLOADS: readonly Resource[] = [
  { group: 'apps', version: 'v1', kind: 'StatefulSet', plural: 'statefulsets', namespaced: true },
  deployments,
];
const LOOK_EVERY_MS = 2_000;

export type Workload = KubeObject & {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
};

type Rollout = { readonly release: string; readonly namespace: string; readonly signal: AbortSignal };

/** Says how many pods of a release are ready whenever that changes. Resolves when the signal aborts, and never fails. */
export const tellRollout = async (
  client: KubeClient,
  { release, namespace, signal }: Rollout,
): Promise<void> => {
  const tell = progressOnChange();
  while (!signal.aborted) {
    const pages = await Promise.all(
      WORKLOADS.map((resource) =>
        listPage<Workload>(client, {
          resource,
          namespace,
          labelSelector: `app.kubernetes.io/instance=${release}`,
          signal,
        }),
      ),
      // Helm tells what is wrong with the cluster.
    ).catch(() => []);
    const line = rolloutLine(pages.flatMap(({ items }) => items));
    if (line !== '') tell(line);
    await pause(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
};

/** `ready: cadastre-mongodb 1/1, cadastre-operator 0/2` */
export const rolloutLine = (workloads: readonly Workload[]): string => {
  if (workloads.length === 0) return '';
  const parts = workloads.map(
    ({ metadata, spec, status }) => `${metadata.name} ${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`,
  );
  return `ready: ${parts.join(', ')}`;
};

import { deployments } from '../../operator/cell/resources.ts';
import type { ObservedDeployment } from '../../operator/cell/running.ts';
import { mergePatch } from '../../operator/engine/verbs.ts';
import { workQueue } from '../../operator/engine/work-queue.ts';
import type { Cluster } from './cluster.ts';

const AT_ONCE = 8;

/**
 * Says of every Deployment what a Deployment controller says when all pods are ready, at once: there is none here, and
 * no pods. @returns what ends it.
 */
export const markDeploymentsReady = async (cluster: Cluster): Promise<() => Promise<void>> => {
  const cache = await cluster.follow<ObservedDeployment>(deployments, { strip: withoutTemplate });
  const queue = workQueue({
    workers: AT_ONCE,
    work: async (key) => {
      const deployment = cache.get(key);
      if (deployment === undefined || !isNew(deployment)) return;
      const patch = { status: readyStatus(deployment) };
      await mergePatch(cluster.client, { resource: deployments, key, subresource: 'status', patch });
    },
  });
  const end = cache.listen((key, _, after) => {
    if (after !== undefined && isNew(after)) queue.add(key);
  });
  queue.start();
  return async () => {
    end();
    await queue.stop();
  };
};

const isNew = ({ metadata: { generation = 0 }, status }: ObservedDeployment): boolean =>
  (status?.observedGeneration ?? 0) < generation;

const readyStatus = ({ metadata: { generation }, spec }: ObservedDeployment) => {
  const replicas = spec?.replicas ?? 1;
  return {
    observedGeneration: generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: [
      condition('Available', 'MinimumReplicasAvailable'),
      condition('Progressing', 'NewReplicaSetAvailable'),
    ],
  };
};

const condition = (type: string, reason: string) => ({ type, status: 'True', reason });

/** Thousands are held here. */
const withoutTemplate = ({ metadata, spec, ...rest }: ObservedDeployment): ObservedDeployment => {
  const { name, namespace, uid, resourceVersion, generation } = metadata;
  return {
    ...rest,
    metadata: { name, namespace, uid, resourceVersion, generation } as ObservedDeployment['metadata'],
    spec: { ...(spec?.replicas !== undefined && { replicas: spec.replicas }) },
  };
};

import { createHash } from 'node:crypto';
import { READS_LABEL } from '../cell/names.ts';
import { pods } from '../cell/resources.ts';
import { isNotFound } from '../engine/api-error.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { type KubeObject, keyOf } from '../engine/kube-object.ts';
import { listPage, mergePatch } from '../engine/verbs.ts';

/** On these pods: which map they were woken for. */
const WOKEN_FOR = 'cadastre.dev/map-digest';

type Map = { readonly namespace: string; readonly name: string; readonly content: string };

/**
 * Brings the map into running pods at once. A kubelet renews mounted ConfigMaps when it looks at a pod: about once a
 * minute, or when something about the pod changes, such as this annotation. One that misses it is a minute late.
 */
export const wakeReaders = async (client: KubeClient, { namespace, name, content }: Map): Promise<void> => {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const { items } = await listPage(client, {
    resource: pods,
    namespace,
    labelSelector: `${READS_LABEL}=${name}`,
  });
  const patch = { metadata: { annotations: { [WOKEN_FOR]: digest } } };
  const wake = async (pod: KubeObject): Promise<void> => {
    await mergePatch(client, { resource: pods, key: keyOf(pod), patch }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  };
  await Promise.all(items.map(wake));
};

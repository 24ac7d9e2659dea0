import { KubeConfig } from '@kubernetes/client-node';
import { serveKinds } from '../../api/testing/serve-kinds.ts';
import { httpsClient } from '../../engine/https-client.ts';
import type { KubeClient } from '../../engine/kube-client.ts';
import type { KubeObject } from '../../engine/kube-object.ts';
import type { Resource } from '../../engine/resource.ts';
import { createObject, deleteObject, findObject } from '../../engine/verbs.ts';

/** The kinds on the API server that all specs share; what a spec makes there goes with `stop`. */
export type Cluster = {
  readonly kube: KubeClient;
  make<T extends KubeObject>(resource: Resource, object: T): Promise<T>;
  find<T extends KubeObject>(resource: Resource, name: string): Promise<T | undefined>;
  /** Also what the code under test has made. */
  remove(resource: Resource, name: string): Promise<void>;
  stop(): Promise<void>;
};

export const openCluster = async (): Promise<Cluster> => {
  const { plane } = await serveKinds();
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(plane.kubeconfig);
  const kube = httpsClient({ kubeConfig });
  const made: [Resource, string][] = [];
  const remove = (resource: Resource, name: string) =>
    deleteObject(kube, { resource, key: name }).catch(() => undefined);
  return {
    kube,
    make: async <T extends KubeObject>(resource: Resource, { apiVersion, kind, ...object }: T) => {
      const { name, labels = {} } = object.metadata;
      made.push([resource, name]);
      const written = { ...object, apiVersion, kind, metadata: { name, labels } };
      return await createObject<T>(kube, { resource, object: written });
    },
    find: (resource, name) => findObject(kube, { resource, key: name }),
    remove,
    stop: async () => {
      for (const [resource, name] of made) await remove(resource, name);
      kube.close();
    },
  };
};

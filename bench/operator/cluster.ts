import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type ControlPlane, startControlPlane } from '../../local/servers/start-control-plane.ts';
import { customResourceDefinition } from '../../operator/api/crd.ts';
import { KINDS } from '../../operator/api/kinds.ts';
import { lookupIndexes } from '../../operator/api/lookups.ts';
import { namespaces } from '../../operator/cell/resources.ts';
import { httpsClient } from '../../operator/engine/https-client.ts';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { type Reflector, type ReflectorOptions, startReflector } from '../../operator/engine/reflector.ts';
import type { Resource } from '../../operator/engine/resource.ts';
import { createObject, listPage } from '../../operator/engine/verbs.ts';

/** Where the operator says that it runs. */
export const OPERATOR_NAMESPACE = 'cadastre';

/** As many requests at once as the operator has for all that it applies: its client's connections. */
export const AT_ONCE = 32;

/** An API server and its etcd, alone, with the kinds and the operator's namespace. */
export type Cluster = {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  /** Follows a resource until the cluster stops. */
  follow<T extends KubeObject>(
    resource: Resource,
    options?: Pick<ReflectorOptions<T>, 'strip'>,
  ): Promise<Reflector<T>>;
  stop(): Promise<void>;
};

const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

export const startCluster = async (say: (line: string) => void): Promise<Cluster> => {
  const plane = await startControlPlane({ progress: say, onExit: say });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(plane.kubeconfig);
  const client = httpsClient({ kubeConfig, maxSockets: AT_ONCE });
  const ending = new AbortController();
  const stop = async () => {
    ending.abort();
    client.close();
    await plane.stop();
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OPERATOR_NAMESPACE } };
  try {
    await createObject(client, { resource: namespaces, object: namespace });
    await Promise.all(KINDS.map((kind) => serve(client, kind)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    plane,
    client,
    follow: async (resource, options) => {
      const indexes = lookupIndexes(resource);
      const reflector = startReflector({ client, resource, indexes, signal: ending.signal, ...options });
      await reflector.synced;
      return reflector;
    },
    stop,
  };
};

/** The API server serves a kind some time after it has accepted the definition. */
const serve = async (client: KubeClient, kind: (typeof KINDS)[number]): Promise<void> => {
  await createObject(client, { resource: definitions, object: customResourceDefinition(kind) });
  while (
    !(await listPage(client, { resource: kind, limit: 1 }).then(
      () => true,
      () => false,
    ))
  )
    await delay(50);
};

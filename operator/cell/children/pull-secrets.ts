import type { KubeObject } from '../../engine/kube-object.ts';
import { ours } from '../names.ts';
import { copyOf, DOCKER_CONFIG, DOCKER_CONFIG_TYPE, type PullSecret } from '../pull-secrets.ts';

type Found = PullSecret & { readonly dockerConfig: string };

const isFound = (one: PullSecret): one is Found => one.dockerConfig !== undefined;

/** A kubelet reads only Secrets of the pod's own namespace, so each cell has copies. */
export const pullSecretCopies = (namespace: string, pullSecrets: readonly PullSecret[]): KubeObject[] =>
  pullSecrets.filter(isFound).map(({ name, dockerConfig }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ours({ name: copyOf(name), namespace }),
    type: DOCKER_CONFIG_TYPE,
    data: { [DOCKER_CONFIG]: dockerConfig },
  }));

import type { KubeClient } from '../engine/kube-client.ts';
import { findObject } from '../engine/verbs.ts';
import type { StoredSecret } from './access.ts';
import { secrets } from './resources.ts';

/** Credentials for a registry of images, as a Secret of the operator's namespace has them. */
export type PullSecret = {
  readonly name: string;
  /** Undefined while there is no such Secret of the right type. */
  readonly dockerConfig: string | undefined;
};

/** Guarantee: reads those that were named, and no others; an answer may be some seconds old. */
export interface PullSecrets {
  read(): Promise<readonly PullSecret[]>;
}

export const DOCKER_CONFIG = '.dockerconfigjson';
export const DOCKER_CONFIG_TYPE = 'kubernetes.io/dockerconfigjson';

/** A thousand cells that are looked at together ask once. */
const FRESH_MS = 10_000;

export type PullSecretsOptions = {
  readonly kube: KubeClient;
  readonly namespace: string;
  readonly names: readonly string[];
};

export const clusterPullSecrets = ({ kube, namespace, names }: PullSecretsOptions): PullSecrets => {
  let asked: { readonly at: number; readonly answer: Promise<readonly PullSecret[]> } | undefined;
  const ask = () =>
    Promise.all(
      names.map(async (name): Promise<PullSecret> => {
        const found = await findObject<StoredSecret>(kube, {
          resource: secrets,
          key: `${namespace}/${name}`,
        });
        return { name, dockerConfig: found?.data?.[DOCKER_CONFIG] };
      }),
    );
  const askAgain = () => {
    const answer = ask();
    asked = { at: performance.now(), answer };
    answer.catch(() => {
      asked = undefined;
    });
    return answer;
  };
  return {
    read: () => (asked !== undefined && performance.now() - asked.at < FRESH_MS ? asked.answer : askAgain()),
  };
};

/** The name of the copy in a cell's namespace: no context has a hyphen in its name. */
export const copyOf = (name: string): string => `pull-${name}`;

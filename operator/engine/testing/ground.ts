import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type HttpsClientOptions, httpsClient } from '../https-client.ts';
import type { KubeClient } from '../kube-client.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Resource } from '../resource.ts';
import { createObject } from '../verbs.ts';

export const configMaps: Resource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};

export const namespaces: Resource = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
};

export type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

export const kubeConfigFrom = (text: string): KubeConfig => {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
};

export const clientFor = (
  kubeconfig: string,
  options: Omit<HttpsClientOptions, 'kubeConfig'> = {},
): KubeClient => httpsClient({ kubeConfig: kubeConfigFrom(kubeconfig), ...options });

/** For one spec alone. */
export const freshNamespace = async (client: KubeClient): Promise<string> => {
  const name = `engine-${randomUUID().slice(-12)}`;
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await createObject(client, { resource: namespaces, object });
  return name;
};

export const aConfigMap = (
  namespace: string,
  { data, ...metadata }: Partial<KubeObject['metadata']> & Pick<ConfigMap, 'data'> = {},
): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name: 'a', ...metadata },
  data: data ?? {},
});

/** Waits for the condition as long as mocha's timeout lets it. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(10);
};

import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { isConflict, isNotFound } from '../api-error.ts';
import type { KubeClient } from '../kube-client.ts';
import type { KubeObject } from '../kube-object.ts';
import { objectPath, type Resource } from '../resource.ts';
import { type Operator, type OperatorOptions, runOperator } from '../run-operator.ts';
import { deleteObject, listPage } from '../verbs.ts';
import { endedRounds } from './ended-rounds.ts';
import { type Garden, type GardenerOptions, type Gardening, gardener } from './garden.ts';
import { clientFor, configMaps, namespaces } from './ground.ts';

export type Tending = Operator & {
  readonly registry: Registry;
  /** What was done outside the cluster. */
  readonly work: readonly string[];
  /** Reconciliations that have ended, whatever came of them. */
  rounds(): Promise<number>;
  stop(): Promise<void>;
};

export type TendOptions = Partial<Pick<GardenerOptions, 'deadlineSeconds' | 'perform'>> & {
  readonly kubeconfig: string;
  readonly resource: Resource;
  readonly lease?: NonNullable<OperatorOptions['lease']>;
};

/** Runs an operator for gardens in this process. */
export const tend = ({ kubeconfig, resource, lease, ...options }: TendOptions): Tending => {
  const stopping = new AbortController();
  const registry = new Registry();
  const client = clientFor(kubeconfig, { registry });
  const work: string[] = [];
  const perform =
    options.perform ??
    (async ({ does, garden }: Gardening) => {
      work.push(`${does} ${garden}`);
    });
  const operator = runOperator({
    client,
    controllers: [gardener({ ...options, resource, perform })],
    logger: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    signal: stopping.signal,
    registry,
    ...(lease && { lease }),
  });
  return {
    ...operator,
    registry,
    work,
    rounds: () => endedRounds(registry),
    stop: async () => {
      stopping.abort();
      await operator.ended;
      client.close();
    },
  };
};

const isEmpty = async (client: KubeClient, { metadata }: KubeObject): Promise<boolean> =>
  (await listPage(client, { resource: configMaps, namespace: metadata.name })).items.length === 0;

/**
 * Lets namespaces go that are being deleted: the part of Kubernetes' own controllers, which a bare API server has not. What
 * is in them is the engine's to remove.
 */
export const sweepNamespaces = (client: KubeClient): (() => Promise<void>) => {
  const stopping = new AbortController();
  const sweep = async (): Promise<void> => {
    const { items } = await listPage<KubeObject>(client, { resource: namespaces });
    for (const namespace of items) {
      if (namespace.metadata.deletionTimestamp === undefined || !(await isEmpty(client, namespace))) continue;
      const path = objectPath(namespaces, namespace.metadata.name, 'finalize');
      const body = { ...namespace, apiVersion: 'v1', kind: 'Namespace', spec: { finalizers: [] } };
      await client.request({ method: 'PUT', path, body }).catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      });
    }
  };
  const sweeping = (async () => {
    while (!stopping.signal.aborted) {
      await sweep().catch(() => undefined);
      await sleep(50, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await sweeping;
  };
};

export const listGardens = async (client: KubeClient, resource: Resource): Promise<readonly Garden[]> =>
  (await listPage<Garden>(client, { resource })).items;

/** Whoever still holds them, so that the next spec begins with none. */
export const clearGardens = async (client: KubeClient, resource: Resource): Promise<void> => {
  for (const { metadata } of await listGardens(client, resource)) {
    const at = { resource, key: metadata.name };
    await client
      .request({
        method: 'PATCH',
        path: objectPath(resource, metadata.name),
        contentType: 'application/merge-patch+json',
        body: { metadata: { finalizers: null } },
      })
      .catch(() => undefined);
    await deleteObject(client, at).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
};

import { pino } from 'pino';
import { Registry } from 'prom-client';
import { boundedContextKind } from '../../api/bounded-context.ts';
import { cellKind } from '../../api/cell.ts';
import { planIndexes, subscriptionIndexes, tenantIndexes } from '../../api/lookups.ts';
import { planKind } from '../../api/plan.ts';
import { subscriptionKind } from '../../api/subscription.ts';
import { tenantKind } from '../../api/tenant.ts';
import { serveKinds } from '../../api/testing/serve-kinds.ts';
import type { KubeClient } from '../../engine/kube-client.ts';
import type { KubeObject } from '../../engine/kube-object.ts';
import type { Indexes } from '../../engine/object-store.ts';
import { nameOf, type Resource } from '../../engine/resource.ts';
import { runOperator } from '../../engine/run-operator.ts';
import { endedRounds } from '../../engine/testing/ended-rounds.ts';
import { startFaultyProxy } from '../../engine/testing/faulty-proxy.ts';
import { clientFor } from '../../engine/testing/ground.ts';
import { sweepNamespaces } from '../../engine/testing/tend.ts';
import { createObject, deleteObject, listPage, mergePatch } from '../../engine/verbs.ts';
import { cellController } from '../controller.ts';
import { openServers } from '../servers.ts';
import { OPTIONS } from './given.ts';
import type { GuardedServers } from './guarded-servers.ts';

const indexes: Readonly<Record<string, object>> = {
  [nameOf(tenantKind)]: tenantIndexes,
  [nameOf(subscriptionKind)]: subscriptionIndexes,
  [nameOf(planKind)]: planIndexes,
};

/** The cell controller in the engine, on a real API server, MongoDB and Redis. */
export const startCells = async (servers: GuardedServers) => {
  const { plane } = await serveKinds();
  const proxy = await startFaultyProxy(plane);
  const people = clientFor(plane.kubeconfig);
  const client = clientFor(proxy.kubeconfig);
  const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const options = { ...OPTIONS, mongodbUri: servers.mongodbUri, redisUrl: servers.redisUrl };
  const opened = openServers(options, logger);
  const stopping = new AbortController();
  const registry = new Registry();
  const operator = runOperator({
    client,
    controllers: [cellController(options, opened)],
    logger,
    signal: stopping.signal,
    registry,
    reflect: (resource) => ({ indexes: (indexes[nameOf(resource)] ?? {}) as Indexes<KubeObject> }),
  });
  const stopSweeping = sweepNamespaces(people);
  return {
    people,
    /** Of the operator, without events, which are told of changes only. */
    writes: () => proxy.requests(({ isWrite, resource }) => isWrite && resource !== 'events.events.k8s.io'),
    /** Reconciliations that have ended. */
    rounds: () => endedRounds(registry),
    stop: async () => {
      stopping.abort();
      await operator.ended;
      await stopSweeping();
      client.close();
      people.close();
      await proxy.close();
      await opened.close();
    },
  };
};

type Stated = KubeObject & { readonly status?: unknown };

/** Makes an object with the status that other controllers would give it. */
export const make = async (
  people: KubeClient,
  resource: Resource,
  { status, ...object }: Stated,
): Promise<void> => {
  const { uid: _, creationTimestamp: __, ...metadata } = object.metadata;
  await createObject(people, { resource, object: { ...object, metadata } });
  const key = metadata.name;
  if (status) await mergePatch(people, { resource, key, subresource: 'status', patch: { status } });
};

/** Everything that people make. */
export const clear = async (people: KubeClient): Promise<void> => {
  for (const resource of [cellKind, subscriptionKind, tenantKind, planKind, boundedContextKind]) {
    for (const { metadata } of (await listPage<KubeObject>(people, { resource })).items) {
      await deleteObject(people, { resource, key: metadata.name });
    }
  }
};

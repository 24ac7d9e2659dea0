import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Logger } from 'pino';
import type { ContextMap, MappedContext } from '../../kit/context-map/context-map.ts';
import { boundedContextKind } from '../api/bounded-context.ts';
import { landscapeOf } from '../cell/facts.ts';
import { identityIn } from '../cell/identity.ts';
import { CELL_LABEL, MAP_CONFIG, MAP_FILE, PLATFORM_CELL } from '../cell/names.ts';
import { configMaps, deployments, services } from '../cell/resources.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { LiveWorld } from '../engine/live-world.ts';
import type { Resource } from '../engine/resource.ts';
import { findObject, serverSideApply } from '../engine/verbs.ts';
import { type ConfigMap, cellMapsReader } from './cell-maps.ts';
import { landscapeMap } from './landscape-map.ts';
import { platformInLandscape } from './platform-in-landscape.ts';
import { wakeReaders } from './wake-readers.ts';

type CompressedMap = KubeObject & { readonly binaryData?: Readonly<Record<string, string>> };

export type KeepMapOptions = {
  readonly client: KubeClient;
  readonly world: LiveWorld;
  /** Where the relay runs, and the name of the ConfigMap that it mounts. */
  readonly namespace: string;
  readonly name: string;
  /** What runs once for the landscape beside the platform's released contexts: the operator itself. */
  readonly platform: readonly MappedContext[];
  readonly logger: Logger;
  readonly signal: AbortSignal;
};

/** Changes that come together are written together: the whole map each time, also when a thousand tenants come. */
const GATHER_MS = 1_000;
const AGAIN_MS = 2_000;

/** Keeps the landscape's map what the cells' maps say, until the signal. */
export const keepLandscapeMap = async (options: KeepMapOptions): Promise<void> => {
  const { client, world, namespace, name, logger, signal } = options;
  const cache = world.cache<ConfigMap>(configMaps);
  const mapsIn = cellMapsReader();
  const changes = changesOf(world, signal);
  const synced = [configMaps, boundedContextKind, deployments, services].map(
    (one) => world.cache(one).synced,
  );
  await Promise.race([Promise.all(synced), aborted(signal)]);
  let written: string | undefined;
  while (!signal.aborted) {
    try {
      written ??= (await findContent(client, { namespace, name })) ?? '';
      const platform = [...platformInLandscape(world, namespace), ...options.platform];
      const identity = identityIn(landscapeOf(world), namespace);
      const content = await compressed(landscapeMap(mapsIn(cache.list()), platform, identity));
      if (content !== written) {
        await write(client, { namespace, name, content });
        await wakeReaders(client, { namespace, name, content });
      }
      written = content;
      await changes.next();
      await delay(GATHER_MS, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ error }, 'the map of the landscape could not be written; it is tried again');
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
};

const gzipped = promisify(gzip);
/** The API server's own limit. https://kubernetes.io/docs/concepts/configuration/configmap/#motivation */
const CONFIG_MAP_BYTES = 1024 * 1024;

/** As a ConfigMap takes bytes. @throws when it does not fit, which takes some ten thousand cells. */
const compressed = async (map: ContextMap): Promise<string> => {
  const content = await gzipped(JSON.stringify(map));
  if (content.length <= CONFIG_MAP_BYTES) return content.toString('base64');
  throw new Error(
    `the map of ${map.contexts.length} contexts has ${content.length} bytes compressed, and a ConfigMap holds ${CONFIG_MAP_BYTES}; tenants have to be spread over two clusters`,
  );
};

/** What of the caches is in the map. */
const CONCERNS = new Map<Resource, (object: KubeObject) => boolean>([
  [configMaps, ({ metadata }) => metadata.name === MAP_CONFIG],
  [boundedContextKind, () => true],
  [deployments, ({ metadata }) => metadata.labels?.[CELL_LABEL] === PLATFORM_CELL],
  [services, ({ metadata }) => metadata.labels?.[CELL_LABEL] === PLATFORM_CELL],
]);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Resolves at the next change, or at once when there was one since it was last asked. */
const changesOf = (world: LiveWorld, signal: AbortSignal) => {
  let change = Promise.withResolvers<void>();
  const stops = [...CONCERNS].map(([resource, concerns]) =>
    world.cache(resource).listen((_, before, after) => {
      const object = after ?? before;
      if (object !== undefined && concerns(object)) change.resolve();
    }),
  );
  signal.addEventListener('abort', () => {
    for (const stop of stops) stop();
    change.resolve();
  });
  return {
    next: async () => {
      await change.promise;
      change = Promise.withResolvers<void>();
    },
  };
};

type Place = { readonly namespace: string; readonly name: string };

const findContent = async (client: KubeClient, place: Place): Promise<string | undefined> =>
  (await findObject<CompressedMap>(client, { resource: configMaps, key: `${place.namespace}/${place.name}` }))
    ?.binaryData?.[MAP_FILE];

const write = async (
  client: KubeClient,
  { namespace, name, content }: Place & { content: string },
): Promise<void> => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'cadastre' } },
    binaryData: { [MAP_FILE]: content },
  };
  await serverSideApply(client, { resource: configMaps, object, fieldManager: 'cadastre', force: true });
};

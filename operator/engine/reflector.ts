import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { ApiError, ConnectionLost, isExpired } from './api-error.ts';
import { audience } from './audience.ts';
import { type Backoff, type BackoffOptions, backoff } from './backoff.ts';
import type { Cache, CacheListener } from './cache.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import { listAndWatch } from './list-and-watch.ts';
import { type Indexes, type ObjectStore, objectStore } from './object-store.ts';
import { reflectorMetrics } from './reflector-metrics.ts';
import { nameOf } from './resource.ts';
import type { Selection } from './verbs.ts';

export type ReflectorOptions<T extends KubeObject> = Selection & {
  readonly client: KubeClient;
  /** Ends the reflector; its cache stays as it is. */
  readonly signal: AbortSignal;
  readonly indexes?: Indexes<T>;
  /** What is kept of an object; it may change what it is given. Drops `managedFields` when absent. */
  readonly strip?: (object: T) => T;
  readonly registry?: Registry;
  readonly logger?: Logger;
  readonly pageSize?: number;
  /** Without an event or a bookmark for so long, the watch is opened anew. */
  readonly idleMs?: number;
  readonly backoff?: BackoffOptions;
};

/**
 * A cache that follows the API server, for ever: whatever fails is tried again with backoff.
 *
 * Guarantee: after each fault the cache comes to say what the API server says, and listeners hear of every object that
 * came, changed or went, each step from what they heard last. States in between may be skipped. An object that was
 * replaced by another of its name is a deletion and an addition.
 */
export interface Reflector<T extends KubeObject = KubeObject> extends Cache<T> {
  /** Hears first of all that is there, then of each change, when the cache has it. @returns what ends the listening. */
  listen(listener: CacheListener<T>): () => void;
  /** Resolves after the signal, when nothing is under way any more. `synced` rejects then, if it was not. */
  readonly ended: Promise<void>;
}

const PAGE_SIZE = 500;
const BACKOFF: BackoffOptions = { firstMs: 100, longestMs: 10_000 };

const withoutManagedFields = <T extends KubeObject>(object: T): T => {
  delete (object.metadata as { managedFields?: unknown }).managedFields;
  return object;
};

const reasonOf = (error: unknown): string => {
  if (error === undefined) return 'closed';
  if (isExpired(error)) return 'expired';
  if (error instanceof ApiError) return String(error.status);
  return error instanceof ConnectionLost ? 'lost' : 'fault';
};

type Rounds = {
  readonly round: () => Promise<void>;
  readonly waits: Backoff;
  readonly onEnd: (error: unknown) => void;
};

/** Even a watch that the API server ended in good order is followed by a short wait, so that nothing spins. */
const forEver = async ({ round, waits, onEnd }: Rounds, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const error = await round().catch((cause: unknown) => cause);
    if (signal.aborted) return;
    onEnd(error);
    await waits.wait(signal).catch(() => undefined);
  }
};

const barrier = () => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Whoever does not wait for it need not hear that it was not reached.
  promise.catch(() => undefined);
  let isOpen = false;
  const open = (): void => {
    isOpen = true;
    resolve();
  };
  return { promise, isOpen: () => isOpen, open, giveUp: reject };
};

/** What a reflector reports of itself; the objects and their age are read when somebody asks. */
const measures = (options: { registry?: Registry; resource: string }, store: ObjectStore<KubeObject>) => {
  const { registry = new Registry(), resource } = options;
  const metrics = reflectorMetrics(registry);
  let signAt = performance.now();
  metrics.observed.set(resource, {
    size: () => store.size,
    secondsSinceSign: () => (performance.now() - signAt) / 1_000,
  });
  const onSign = (): void => {
    signAt = performance.now();
  };
  return {
    onSign,
    onListed: () => {
      onSign();
      metrics.lists.inc({ resource });
    },
    onEnd: (reason: string) => metrics.watchEnds.inc({ resource, reason }),
    onMiss: () => metrics.misses.inc({ resource }),
    end: () => void metrics.observed.delete(resource),
  };
};

/** Starts to list and watch. One per resource and registry. */
export const startReflector = <T extends KubeObject = KubeObject>(
  options: ReflectorOptions<T>,
): Reflector<T> => {
  const { client, signal, resource, registry, logger, idleMs, strip = withoutManagedFields } = options;
  const label = nameOf(resource);
  const { tellAll, join } = audience<T>((error) =>
    logger?.error({ resource: label, error }, 'a listener of the cache threw'),
  );
  const store = objectStore<T>(options.indexes ?? {}, tellAll);
  const measured = measures({ resource: label, ...(registry && { registry }) }, store);
  const waits = backoff(options.backoff ?? BACKOFF);
  const synced = barrier();
  const round = listAndWatch<T>({
    ...{ client, signal, selection: options, store, strip, idleMs, waits },
    pageSize: options.pageSize ?? PAGE_SIZE,
    onSign: measured.onSign,
    onListed: () => {
      measured.onListed();
      synced.open();
    },
  });
  const onEnd = (error: unknown): void => {
    const reason = reasonOf(error);
    measured.onEnd(reason);
    if (reason !== 'closed') logger?.warn({ resource: label, error }, 'the watch ended; it is tried again');
  };
  const ended = forEver({ round, waits, onEnd }, signal).then(() => {
    measured.end();
    synced.giveUp(signal.reason);
  });
  return {
    resource,
    get: (key) => {
      const object = store.get(key);
      if (object === undefined) measured.onMiss();
      return object;
    },
    list: store.list,
    byIndex: store.byIndex,
    synced: synced.promise,
    isSynced: synced.isOpen,
    listen: (listener) => join(listener, store.list()),
    ended,
  };
};

import { ApiError, isExpired } from './api-error.ts';
import type { Backoff } from './backoff.ts';
import type { KubeClient, WatchEvent } from './kube-client.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import { listInto } from './list-into.ts';
import type { ObjectStore } from './object-store.ts';
import { collectionPath } from './resource.ts';
import type { Selection } from './verbs.ts';

export type Following<T extends KubeObject> = {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
  readonly selection: Selection;
  readonly store: ObjectStore<T>;
  readonly strip: (object: T) => T;
  readonly pageSize: number;
  readonly idleMs: number | undefined;
  /** Reset when there is progress. */
  readonly waits: Backoff;
  /** The API server was heard: an event or a bookmark. */
  readonly onSign: () => void;
  /** The store says what a complete list said. */
  readonly onListed: () => void;
};

/** A watch that lived this long was a good one, even if it brought nothing. */
const STEADY_MS = 10_000;
/** The API server would end them after 30 to 60 minutes. Sooner spreads them over its replicas, and not all at once. */
const watchSeconds = (): number => Math.round(300 + Math.random() * 300);

/** A refusal that the same resource version would meet again. Of 429 and 500 we do not know that. */
const needsList = (error: unknown): boolean =>
  isExpired(error) || (error instanceof ApiError && error.status < 500 && error.status !== 429);

const followWatch = async <T extends KubeObject>(
  { client, signal, selection, idleMs, waits }: Following<T>,
  resourceVersion: string,
  take: (event: WatchEvent) => void,
): Promise<void> => {
  const { resource, namespace, labelSelector, fieldSelector } = selection;
  const events = client.watch({
    path: collectionPath(resource, namespace),
    query: { resourceVersion, labelSelector, fieldSelector, timeoutSeconds: watchSeconds() },
    signal,
    ...(idleMs !== undefined && { idleMs }),
  });
  const openedAt = performance.now();
  try {
    for await (const event of events) take(event);
  } finally {
    if (performance.now() - openedAt > STEADY_MS) waits.reset();
  }
};

/**
 * Each call is one watch, until it ends, and before it a list where nothing is known from which a watch could go on:
 * at first, and when the API server no longer knows the version that was seen last.
 */
export const listAndWatch = <T extends KubeObject>(following: Following<T>): (() => Promise<void>) => {
  const { store, strip, waits, onSign, onListed } = following;
  let version: string | undefined;

  const take = ({ type, object }: WatchEvent): void => {
    if (type === 'DELETED') store.remove(keyOf(object));
    else if (type !== 'BOOKMARK') store.put(strip(object as T));
    version = object.metadata.resourceVersion;
    waits.reset();
    onSign();
  };

  return async () => {
    try {
      if (version === undefined) {
        version = await listInto(following, store);
        onListed();
      }
      await followWatch(following, version, take);
    } catch (error) {
      if (needsList(error)) version = undefined;
      throw error;
    }
  };
};

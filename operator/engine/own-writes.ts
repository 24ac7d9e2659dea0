import type { CacheListener } from './cache.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import type { LiveWorld } from './live-world.ts';
import { nameOf, type Resource } from './resource.ts';

/** An object as the API server had it after a write of ours. */
export type Written = { readonly resource: Resource; readonly object: KubeObject };

/**
 * Waits until the caches have seen what was written, so that nobody decides on a cache that is behind their own writes
 * and does it all again.
 */
export interface OwnWrites {
  /** @returns false when a cache has not seen its write in time. */
  seen(written: readonly Written[]): Promise<boolean>;
  /** Ends the listening and all waiting. */
  close(): void;
}

type Waiter = { readonly written: KubeObject; readonly settle: (isSeen: boolean) => void };

/** A watch tells of a write within milliseconds; one that does so only now is being opened anew. */
const PATIENCE_MS = 5_000;

const nameOfWrite = (resource: Resource, key: string): string => `${nameOf(resource)} ${key}`;

/** Resource versions of one resource are numbers that grow: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
const isAtLeast = (cached: KubeObject | undefined, written: KubeObject): boolean => {
  const versionOf = ({ metadata }: KubeObject) => Number(metadata.resourceVersion);
  return cached !== undefined && versionOf(cached) >= versionOf(written);
};

export const ownWrites = (
  world: LiveWorld,
  resources: readonly Resource[],
  clock: Clock = monotonicClock,
): OwnWrites => {
  const waiters = new Map<string, Set<Waiter>>();
  const listenerFor =
    (resource: Resource): CacheListener =>
    (key, before, after) => {
      for (const { written, settle } of waiters.get(nameOfWrite(resource, key)) ?? []) {
        const isGone = after === undefined && before?.metadata.uid === written.metadata.uid;
        if (isGone || isAtLeast(after, written)) settle(true);
      }
    };
  let isClosed = false;
  const ends = resources.map((resource) => world.cache(resource).listen(listenerFor(resource)));

  const seenOne = ({ resource, object }: Written): Promise<boolean> => {
    const key = keyOf(object);
    if (isAtLeast(world.cache(resource).get(key), object)) return Promise.resolve(true);
    if (isClosed) return Promise.resolve(false);
    const name = nameOfWrite(resource, key);
    const waiting = waiters.get(name) ?? new Set<Waiter>();
    waiters.set(name, waiting);
    return new Promise((resolve) => {
      const settle = (isSeen: boolean) => {
        waiting.delete(waiter);
        if (waiting.size === 0) waiters.delete(name);
        giveUp();
        resolve(isSeen);
      };
      const waiter = { written: object, settle };
      waiting.add(waiter);
      const giveUp = clock.after(PATIENCE_MS, () => settle(false));
    });
  };

  return {
    seen: async (written) => (await Promise.all(written.map(seenOne))).every(Boolean),
    close: () => {
      isClosed = true;
      for (const end of ends) end();
      for (const waiting of [...waiters.values()]) for (const { settle } of [...waiting]) settle(false);
    },
  };
};

import type { CacheListener } from '../cache.ts';
import { type KubeObject, keyOf } from '../kube-object.ts';
import { type LiveWorld, liveWorld } from '../live-world.ts';
import { objectStore } from '../object-store.ts';
import { OWNER_INDEX, ownerIndex } from '../ownership.ts';
import { apiVersionOf, type Resource } from '../resource.ts';

export type AWorld = LiveWorld & {
  /** Puts an object into the cache of its kind, as a reflector would. */
  see(object: KubeObject): void;
  /** The object is gone. */
  miss(resource: Resource, key: string): void;
};

/** Caches that hold what they are told to: for what decides on caches alone. */
export const aWorld = (resources: readonly Resource[], objects: readonly KubeObject[] = []): AWorld => {
  const stores = resources.map((resource) => {
    const listeners = new Set<CacheListener>();
    const store = objectStore<KubeObject>({ [OWNER_INDEX]: ownerIndex }, (...change) => {
      for (const listener of listeners) listener(...change);
    });
    const listen = (listener: CacheListener) => {
      for (const object of store.list()) listener(keyOf(object), undefined, object);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    const cache = { ...store, resource, listen, synced: Promise.resolve(), isSynced: () => true };
    return { resource, store, cache };
  });
  const see = (object: KubeObject): void => {
    const { store } =
      stores.find(
        ({ resource }) => resource.kind === object.kind && apiVersionOf(resource) === object.apiVersion,
      ) ?? {};
    store?.put(object);
  };
  for (const object of objects) see(object);
  return {
    ...liveWorld(stores.map(({ cache }) => cache)),
    see,
    miss: (resource, key) => stores.find((one) => one.resource === resource)?.store.remove(key),
  };
};

import { lookupIndexes } from '../../api/lookups.ts';
import type { Cache, World } from '../../engine/cache.ts';
import { type KubeObject, keyOf } from '../../engine/kube-object.ts';
import { nameOf, type Resource } from '../../engine/resource.ts';

/** Caches that know these objects, as reflectors would have them. */
export const aWorld = (...objects: readonly KubeObject[]): World => ({
  cache: <T extends KubeObject>(resource: Resource) =>
    cacheOf(resource, objects.filter(({ kind }) => kind === resource.kind) as T[]),
});

const cacheOf = <T extends KubeObject>(resource: Resource, objects: readonly T[]): Cache<T> => ({
  resource,
  get: (key) => objects.find((one) => keyOf(one) === key),
  list: () => objects.values() as IterableIterator<T>,
  byIndex: (name, value) => {
    const index = lookupIndexes(resource)[name];
    if (index === undefined) throw new Error(`there is no index ${name} of ${nameOf(resource)}`);
    return objects.filter((one) => [...index(one)].includes(value));
  },
  synced: Promise.resolve(),
  isSynced: () => true,
});

import type { Cache, CacheListener } from './cache.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';

/** The values by which an object is to be found; none leaves it out. */
export type IndexFunction<T extends KubeObject> = (object: T) => Iterable<string>;

export type Indexes<T extends KubeObject> = Readonly<Record<string, IndexFunction<T>>>;

/** What a cache holds, written by one reflector. */
export interface ObjectStore<T extends KubeObject> extends Pick<Cache<T>, 'get' | 'list' | 'byIndex'> {
  readonly size: number;
  keys(): IterableIterator<ObjectKey>;
  /** Adds or replaces. Another UID under a known name is reported as a deletion and an addition. */
  put(object: T): void;
  remove(key: ObjectKey): void;
}

type Bucket<T> = Map<ObjectKey, T>;

const index = <T extends KubeObject>(valuesOf: IndexFunction<T>) => {
  const buckets = new Map<string, Bucket<T>>();
  return {
    find: (value: string): readonly T[] => [...(buckets.get(value)?.values() ?? [])],
    add: (key: ObjectKey, object: T): void => {
      for (const value of valuesOf(object)) {
        const bucket = buckets.get(value) ?? new Map<ObjectKey, T>();
        buckets.set(value, bucket.set(key, object));
      }
    },
    drop: (key: ObjectKey, object: T): void => {
      for (const value of valuesOf(object)) {
        const bucket = buckets.get(value);
        bucket?.delete(key);
        if (bucket?.size === 0) buckets.delete(value);
      }
    },
  };
};

const isSame = (a: KubeObject, b: KubeObject): boolean => a.metadata.uid === b.metadata.uid;

const isUnchanged = (a: KubeObject, b: KubeObject): boolean =>
  a.metadata.resourceVersion !== undefined && a.metadata.resourceVersion === b.metadata.resourceVersion;

export const objectStore = <T extends KubeObject>(
  indexFunctions: Indexes<T>,
  onChange: CacheListener<T>,
): ObjectStore<T> => {
  const objects = new Map<ObjectKey, T>();
  const indexes = new Map(Object.entries(indexFunctions).map(([name, valuesOf]) => [name, index(valuesOf)]));

  const reindex = (key: ObjectKey, before: T | undefined, after: T | undefined): void => {
    for (const each of indexes.values()) {
      if (before !== undefined) each.drop(key, before);
      if (after !== undefined) each.add(key, after);
    }
  };
  const write = (key: ObjectKey, after: T | undefined): void => {
    const before = objects.get(key);
    if (after === undefined) objects.delete(key);
    else objects.set(key, after);
    reindex(key, before, after);
    onChange(key, before, after);
  };

  return {
    get size() {
      return objects.size;
    },
    keys: () => objects.keys(),
    get: (key) => objects.get(key),
    list: () => objects.values(),
    byIndex: (name, value) => {
      const found = indexes.get(name);
      if (!found) throw new Error(`no index ${name}; name it in the reflector's option indexes`);
      return found.find(value);
    },
    put: (object) => {
      const key = keyOf(object);
      const before = objects.get(key);
      if (before !== undefined && isSame(before, object) && isUnchanged(before, object)) return;
      if (before !== undefined && !isSame(before, object)) write(key, undefined);
      write(key, object);
    },
    remove: (key) => {
      if (objects.has(key)) write(key, undefined);
    },
  };
};

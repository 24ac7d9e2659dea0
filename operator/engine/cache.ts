import type { KubeObject, ObjectKey } from './kube-object.ts';
import type { Resource } from './resource.ts';

/** What a reflector knows of one resource: possibly a little behind the API server, never torn. */
export interface Cache<T extends KubeObject = KubeObject> {
  readonly resource: Resource;
  get(key: ObjectKey): T | undefined;
  list(): IterableIterator<T>;
  /** Objects to which the index of this name (see `ReflectorOptions.indexes`) gave this value. */
  byIndex(name: string, value: string): readonly T[];
  /** Resolves when the first list is complete. */
  readonly synced: Promise<void>;
  isSynced(): boolean;
}

/** `before` is undefined for a new object, `after` for one that is gone. */
export type CacheListener<T extends KubeObject = KubeObject> = (
  key: ObjectKey,
  before: T | undefined,
  after: T | undefined,
) => void;

/** All caches of an operator, by resource. */
export type World = {
  cache<T extends KubeObject = KubeObject>(resource: Resource): Cache<T>;
};

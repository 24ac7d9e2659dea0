import type { CacheListener } from './cache.ts';
import { type KubeObject, keyOf } from './kube-object.ts';

export interface Audience<T extends KubeObject> {
  readonly tellAll: CacheListener<T>;
  /** Tells of all that is there as of something new. @returns what ends the listening. */
  join(listener: CacheListener<T>, present: Iterable<T>): () => void;
}

/** Listeners are told in the order in which they came. One that throws is a fault of its own and harms no other. */
export const audience = <T extends KubeObject>(onFault: (error: unknown) => void): Audience<T> => {
  const listeners = new Set<CacheListener<T>>();
  const guarded =
    (listener: CacheListener<T>): CacheListener<T> =>
    (...change) => {
      try {
        listener(...change);
      } catch (error) {
        onFault(error);
      }
    };
  return {
    tellAll: (...change) => {
      for (const listener of listeners) listener(...change);
    },
    join: (listener, present) => {
      const member = guarded(listener);
      for (const object of present) member(keyOf(object), undefined, object);
      listeners.add(member);
      return () => void listeners.delete(member);
    },
  };
};

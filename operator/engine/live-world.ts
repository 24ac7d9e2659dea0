import type { Cache, World } from './cache.ts';
import type { KubeObject } from './kube-object.ts';
import type { Reflector } from './reflector.ts';
import { nameOf, type Resource } from './resource.ts';

/** A cache that also tells of changes: what the engine itself needs of a reflector. */
export type LiveCache<T extends KubeObject = KubeObject> = Cache<T> & Pick<Reflector<T>, 'listen'>;

/** A world of live caches. */
export interface LiveWorld extends World {
  cache<T extends KubeObject = KubeObject>(resource: Resource): LiveCache<T>;
}

/** @throws for a resource that no reflector is for. */
export const liveWorld = (caches: readonly LiveCache[]): LiveWorld => {
  const byName = new Map(caches.map((cache) => [nameOf(cache.resource), cache]));
  return {
    cache: <T extends KubeObject>(resource: Resource) => {
      const cache = byName.get(nameOf(resource));
      if (cache === undefined) {
        throw new Error(
          `no cache of ${nameOf(resource)}; name it among the children or watches of a controller`,
        );
      }
      return cache as unknown as LiveCache<T>;
    },
  };
};

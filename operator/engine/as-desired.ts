import { hash } from 'node:crypto';
import type { KubeObject } from './kube-object.ts';
import type { Owner } from './ownership.ts';

/**
 * Remembers of objects that they are as they were desired. An object in a cache never changes, a change brings another one;
 * so while the same is desired, looking once is enough. Looking is most of what a round without writes costs.
 */
export interface AsDesired {
  isKnown(current: KubeObject, desired: KubeObject, owner: Owner): boolean;
  remember(current: KubeObject, desired: KubeObject, owner: Owner): void;
}

/** Forgets an object together with the cache that had it. */
export const asDesired = (): AsDesired => {
  const known = new WeakMap<KubeObject, string>();
  return {
    isKnown: (current, desired, owner) => known.get(current) === digestOf(desired, owner),
    remember: (current, desired, owner) => void known.set(current, digestOf(desired, owner)),
  };
};

/** Other texts of the same object only cost another look. */
const digestOf = (desired: KubeObject, { parent }: Owner): string =>
  hash('sha1', `${parent.metadata.uid} ${JSON.stringify(desired)}`);

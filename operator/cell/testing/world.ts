import { planIndexes, subscriptionIndexes, tenantIndexes } from '../../api/lookups.ts';
import type { Cache, World } from '../../engine/cache.ts';
import { type KubeObject, keyOf } from '../../engine/kube-object.ts';
import type { Resource } from '../../engine/resource.ts';

type Index = (object: never) => readonly string[];

const indexes: Readonly<Record<string, Readonly<Record<string, Index>>>> = {
  Tenant: tenantIndexes,
  Subscription: subscriptionIndexes,
  Plan: planIndexes,
};

/** Caches that have caught up with these objects. */
export const aWorld = (objects: readonly KubeObject[]): World => ({
  cache: <T extends KubeObject>(resource: Resource): Cache<T> => {
    const ours = (objects as readonly T[]).filter(({ kind }) => kind === resource.kind);
    return {
      resource,
      get: (key) => ours.find((one) => keyOf(one) === key),
      list: () => ours.values() as IterableIterator<T>,
      byIndex: (name, value) => {
        const index = indexes[resource.kind]?.[name] as ((object: T) => readonly string[]) | undefined;
        if (index === undefined) throw new Error(`${resource.kind} has no index ${name}`);
        return ours.filter((one) => index(one).includes(value));
      },
      synced: Promise.resolve(),
      isSynced: () => true,
    };
  },
});

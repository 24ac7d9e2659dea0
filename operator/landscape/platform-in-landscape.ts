import type { MappedContext } from '../../kit/context-map/context-map.ts';
import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { isLeaving } from '../api/lookups.ts';
import { landscapeOf } from '../cell/facts.ts';
import { heardBy, mapped } from '../cell/map.ts';
import { PLATFORM_CELL } from '../cell/names.ts';
import { deployments, services } from '../cell/resources.ts';
import { type ObservedDeployment, runningIn } from '../cell/running.ts';
import type { World } from '../engine/cache.ts';
import { platformInMap } from '../events/context.ts';

/**
 * The released platform contexts, each a source of events and a consumer of what it declares. That follows from what is
 * released, and from what pods of the version before still read; never from whether pods run.
 */
export const platformInLandscape = (world: World, namespace: string): MappedContext[] => {
  const { releases, platform } = landscapeOf(world);
  // The operator knows its own entry.
  const names = [...platform].filter((name) => name !== platformInMap.name).sort();
  return names.flatMap((name) => {
    const wanted = releases.get(name);
    if (wanted === undefined) return [];
    const key = `${namespace}/${name}`;
    const deployment = world.cache<ObservedDeployment>(deployments).get(key);
    const running = runningIn(deployment, world.cache(services).get(key));
    const upstreams = heardBy(running ?? { release: wanted, good: undefined });
    const entry = { cell: PLATFORM_CELL, namespace, name, scope: 'Platform' } as const;
    // One that is being deleted hears no more, or its queue would come back; what it said is still delivered.
    return [mapped({ ...entry, upstreams: isGoing(world, name) ? [] : upstreams })];
  });
};

const isGoing = (world: World, name: string): boolean => {
  const context = world.cache<BoundedContext>(boundedContextKind).get(name);
  return context === undefined || isLeaving(context);
};

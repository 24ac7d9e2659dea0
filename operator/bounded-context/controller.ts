import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { seesPrograms } from '../api/sees.ts';
import type { World } from '../engine/cache.ts';
import type { Controller } from '../engine/controller.ts';
import { keyOf } from '../engine/kube-object.ts';
import { desiredWith, type Observed } from './desired.ts';
import { landscapeObserver } from './observe.ts';
import type { PlatformContexts } from './platform-contexts.ts';
import type { Program } from './superseded.ts';

/**
 * Releases versions of bounded contexts that fit the map. `status.released` is what runs; a spec that does not fit is
 * not rolled out, and its conditions say why.
 */
export const boundedContextController = <PlatformObserved, Effect>(
  platform: PlatformContexts<PlatformObserved, Effect>,
): Controller<BoundedContext, Observed<PlatformObserved>, Effect> => {
  const observeLandscape = landscapeObserver();
  return {
    name: 'bounded-context',
    parent: boundedContextKind,
    children: platform.children,
    watches: [
      {
        resource: boundedContextKind,
        // Whom a change concerns is not only its neighbours: what they are about to release depends on theirs.
        parentsOf: (object, world) =>
          [...world.cache(boundedContextKind).list()].map(keyOf).filter((key) => key !== keyOf(object)),
      },
      {
        resource: cellKind,
        // What a cell does not run any more need not fit any more.
        parentsOf: (_, world) =>
          [...world.cache<BoundedContext>(boundedContextKind).list()]
            .filter(({ status }) => (status?.superseded ?? []).length > 0)
            .map(keyOf),
        sees: seesPrograms,
      },
      ...(platform.watches ?? []),
    ],
    observe: async (context, world) => {
      const seen = await platform.observe(context, world);
      const running = [...runningInCells(context, world), ...(platform.running?.(seen) ?? [])];
      return { platform: seen, landscape: observeLandscape(context, world), running };
    },
    desired: desiredWith(platform),
    ...(platform.perform && { perform: platform.perform }),
    ...(platform.finalizer && { finalizer: finalizerOf(platform.finalizer) }),
  };
};

const runningInCells = ({ metadata: { name } }: BoundedContext, world: World): Program[] =>
  [...world.cache<Cell>(cellKind).list()]
    .flatMap(({ status }) => status?.contexts ?? [])
    .filter((one) => one.name === name)
    .flatMap(({ fallback, ...one }) => [one, ...(fallback ? [fallback] : [])]);

const finalizerOf = <PlatformObserved, Effect>({
  finalize,
  ...rest
}: NonNullable<PlatformContexts<PlatformObserved, Effect>['finalizer']>): NonNullable<
  Controller<BoundedContext, Observed<PlatformObserved>, Effect>['finalizer']
> => ({ ...rest, finalize: (context, { platform }) => finalize(context, platform) });

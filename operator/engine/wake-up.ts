import { isDeepStrictEqual } from 'node:util';
import type { Controller, Watch } from './controller.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import type { LiveWorld } from './live-world.ts';
import { parentOf } from './ownership.ts';
import type { Resource } from './resource.ts';
import { statusOf } from './status.ts';

type Wake = (key: ObjectKey) => void;

/**
 * Hears of all that concerns a controller's parents, and names them: the parent itself, that of a child, those of
 * whatever else it watches, before and after the change, and whatever it hears of from outside the cluster.
 * @returns what ends that.
 */
export const wakeUp = <P extends KubeObject, O, E>(
  controller: Controller<P, O, E>,
  world: LiveWorld,
  wake: Wake,
): (() => void) => {
  const listen = (
    resource: Resource,
    parentsOf: (object: KubeObject) => Iterable<ObjectKey>,
    sees?: Watch['sees'],
  ) => {
    const wakeParentsOf = (object: KubeObject | undefined) => {
      if (object !== undefined) for (const key of parentsOf(object)) wake(key);
    };
    return world.cache(resource).listen((_, before, after) => {
      if (sees && before && after && isDeepStrictEqual(sees(before), sees(after))) return;
      wakeParentsOf(before);
      wakeParentsOf(after);
    });
  };
  const parentOfChild = (child: KubeObject): readonly ObjectKey[] => {
    const key = parentOf(child, controller.parent);
    return key === undefined ? [] : [key];
  };
  // What somebody waits for, after a takeover among a thousand others: before all that is only looked at again.
  for (const parent of world.cache(controller.parent).list()) if (isBehind(parent)) wake(keyOf(parent));
  const ends = [
    world.cache(controller.parent).listen(wake),
    ...controller.children.map((resource) => listen(resource, parentOfChild)),
    ...(controller.watches ?? []).map(({ resource, parentsOf, sees }) =>
      listen(resource, (object) => parentsOf(object, world), sees),
    ),
    ...(controller.listen === undefined ? [] : [controller.listen(wake, world)]),
  ];
  return () => {
    for (const end of ends) end();
  };
};

/** Its status is not about the spec that it has now. */
const isBehind = (parent: KubeObject): boolean =>
  statusOf(parent).observedGeneration !== parent.metadata.generation;

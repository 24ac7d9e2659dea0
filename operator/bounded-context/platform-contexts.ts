import type { BoundedContext, BoundedContextSpec } from '../api/bounded-context.ts';
import type { Fault } from '../api/fault.ts';
import type { World } from '../engine/cache.ts';
import type { Desired, Finalizing } from '../engine/controller.ts';
import type { KubeObject, ObjectKey } from '../engine/kube-object.ts';
import type { Resource } from '../engine/resource.ts';
import type { Program } from './superseded.ts';

/** What a platform context is made of. */
export type PlatformDesired<Effect> = Pick<
  Desired<Effect>,
  'children' | 'effects' | 'requeueAfterSeconds'
> & {
  /** Why it does not run yet. */
  readonly fault?: Fault | undefined;
};

/**
 * Runs the contexts of scope `Platform`, once each. Their place is taken here by whoever deploys them; this folder
 * decides which version, and calls `desired` only for a context of this scope that has a released one.
 * Guarantee: `released` fits the map. It may be older than `context.spec`.
 */
export interface PlatformContexts<Observed, Effect> {
  readonly children: readonly Resource[];
  readonly watches?: readonly {
    readonly resource: Resource;
    parentsOf(object: KubeObject, world: World): Iterable<ObjectKey>;
  }[];
  observe(context: BoundedContext, world: World): Observed | Promise<Observed>;
  /** What of the context runs, or may again. */
  running?(observed: Observed): readonly Program[];
  desired(context: BoundedContext, released: BoundedContextSpec, observed: Observed): PlatformDesired<Effect>;
  perform?(effect: Effect, context: BoundedContext): Promise<void>;
  readonly finalizer?: {
    readonly name: string;
    readonly deadlineSeconds: number;
    isFor?(context: BoundedContext): boolean;
    finalize(context: BoundedContext, observed: Observed): Finalizing<Effect>;
  };
}

/** While nobody deploys platform contexts: their condition says so. */
export const noPlatformContexts: PlatformContexts<undefined, never> = {
  children: [],
  observe: () => undefined,
  desired: ({ metadata }) => ({
    children: [],
    fault: {
      reason: 'NotDeployed',
      message: `${metadata.name} is of scope Platform, and this operator deploys no platform contexts; give it the scope Tenant to run it in cells`,
    },
  }),
};

import type { World } from './cache.ts';
import type { StatedCondition } from './condition.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject, ObjectKey } from './kube-object.ts';
import type { Resource } from './resource.ts';

/** What a parent asks for, from what was observed. */
export type Desired<Effect = never> = {
  /** Everything that the parent owns in the cluster; what it owned before and is not here is pruned. */
  readonly children: readonly KubeObject[];
  /** Fields of status beside conditions and observedGeneration, which the engine adds. */
  readonly status: Readonly<Record<string, unknown>>;
  readonly conditions: readonly StatedCondition[];
  /** Work outside the cluster, done in order before children are applied; each is idempotent. */
  readonly effects?: readonly Effect[];
  /** Look again after this long even if nothing changes. */
  readonly requeueAfterSeconds?: number;
};

/** What stands between a deleted parent and its end. */
export type Finalizing<Effect = never> = {
  /** Children that must stay for now; the others are deleted. */
  readonly children?: readonly KubeObject[];
  readonly effects?: readonly Effect[];
  /** Why it cannot go yet, for the condition `Ready`; undefined lets it go once effects and deletions are done. */
  readonly waitingFor?: { readonly reason: string; readonly message: string };
};

/** What an effect may work with. */
export type Means = {
  /** Writes only as long as this process leads. */
  readonly client: KubeClient;
  /** Aborts when the work is to end. */
  readonly signal: AbortSignal;
};

export type Watch = {
  readonly resource: Resource;
  parentsOf(object: KubeObject, world: World): Iterable<ObjectKey>;
  /**
   * All of it that matters to parents, what `parentsOf` reads included; JSON. A change of anything else wakes nobody.
   * Everything matters when absent: then each write to a status that thousands depend on wakes them all.
   */
  sees?(object: KubeObject): unknown;
};

/**
 * One kind's reconciliation, pure but for `observe` and `perform`.
 *
 * The engine calls `observe`, `desired`, performs the effects, applies and prunes the children and writes the status,
 * in that order, never twice at once for one key, again whenever the parent, a child or something it watches
 * changes, and again with backoff when any of it failed. So everything must be repeatable at any point.
 */
export type Controller<Parent extends KubeObject, Observed, Effect = never> = {
  /** In logs, metrics and the label of its children. */
  readonly name: string;
  readonly parent: Resource;
  /** The resources that its children are of. */
  readonly children: readonly Resource[];
  /** Others whose changes concern a parent, and whom. */
  readonly watches?: readonly Watch[];
  /**
   * Hears of what concerns parents outside the cluster, and names them. Called once when the caches are complete; whatever
   * happened before is seen then, since every parent is looked at.
   * @returns what ends that.
   */
  listen?(wake: (key: ObjectKey) => void, world: World): () => void;
  observe(parent: Parent, world: World): Observed | Promise<Observed>;
  desired(parent: Parent, observed: Observed): Desired<Effect>;
  /** Throws a ReconcileError to say the condition's reason itself. */
  perform?(effect: Effect, parent: Parent, means: Means): Promise<void>;
  /** When absent, a deleted parent leaves its children to Kubernetes' garbage collection. */
  readonly finalizer?: {
    /** `cadastre.dev/cell` */
    readonly name: string;
    /** After this long the parent is let go all the same, with an event that says what was left behind. */
    readonly deadlineSeconds: number;
    /** Whether a parent needs it; every one does when absent. */
    isFor?(parent: Parent): boolean;
    finalize(parent: Parent, observed: Observed): Finalizing<Effect>;
  };
};

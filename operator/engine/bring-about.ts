import { applyChildren, notOurs, pruneChildren } from './apply-children.ts';
import type { KubeObject } from './kube-object.ts';
import { type Child, type ChildrenPlan, planChildren } from './plan-children.ts';
import { ownerOf, type Round } from './round.ts';

/** @throws ReconcileError `NotOurs` when a child exists and is another's. */
export const planFor = <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  desired: readonly KubeObject[],
): ChildrenPlan => {
  const { controller, world, forms, asDesired } = round;
  const owner = ownerOf(round);
  const plan = planChildren({
    owner,
    desired,
    resources: controller.children,
    world,
    areKnown: forms.areKnown,
    asDesired,
  });
  const foreign = plan.steps.filter(({ does }) => does === 'refuse').map(({ child }) => child);
  if (foreign.length > 0) throw notOurs(foreign, owner);
  return plan;
};

export type BroughtAbout = {
  /** Desired, but first to go: they are being deleted. */
  readonly waiting: readonly Child[];
  /** No longer desired, and not gone yet. */
  readonly leaving: readonly Child[];
};

/** Applies children and prunes what is no longer one, as far as it can be done now. */
export const bringAbout = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  plan: ChildrenPlan,
): Promise<BroughtAbout> => {
  const { client, forms, signal, written } = round;
  const deps = {
    owner: ownerOf(round),
    client,
    forms,
    signal,
    onWritten: (one: (typeof written)[number]) => void written.push(one),
  };
  await applyChildren(plan, deps);
  await pruneChildren(plan, deps);
  return {
    waiting: plan.steps.filter(({ does }) => does === 'wait').map(({ child }) => child),
    leaving: [...plan.prune, ...plan.leaving],
  };
};

/** Does what is to be done outside the cluster, in order. */
export const perform = async <P extends KubeObject, O, E>(
  { controller, parent, client, signal }: Round<P, O, E>,
  effects: readonly E[] = [],
): Promise<void> => {
  for (const effect of effects) {
    signal.throwIfAborted();
    if (controller.perform === undefined)
      throw new Error(`controller ${controller.name} has effects and no perform`);
    await controller.perform(effect, parent, { client, signal });
  }
};

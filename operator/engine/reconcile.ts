import { bringAbout, perform, planFor } from './bring-about.ts';
import { withCondition } from './conditions.ts';
import { finalize, withFinalizer } from './finalize.ts';
import type { KubeObject } from './kube-object.ts';
import { type Child, nameOfChild } from './plan-children.ts';
import { ReconcileError } from './reconcile-error.ts';
import { report } from './report.ts';
import type { Outcome, Round } from './round.ts';
import { conditionsOf, statusOf } from './status.ts';

export const PAUSED_ANNOTATION = 'cadastre.dev/paused';

/** Brings what a parent asks for about, once. @throws what is to be tried again. */
export const reconcile = async <P extends KubeObject, O, E>(round: Round<P, O, E>): Promise<Outcome> => {
  const { metadata } = round.parent;
  if (metadata.annotations?.[PAUSED_ANNOTATION] === 'true') return pause(round);
  if (metadata.deletionTimestamp !== undefined) return finalize(round);
  return converge(round);
};

/** All that was said of the parent stays as it was, and says of which generation it was said. */
const pause = async <P extends KubeObject, O, E>(round: Round<P, O, E>): Promise<Outcome> => {
  const stated = {
    type: 'Paused',
    status: 'True',
    reason: 'PausedByAnnotation',
    message: `Nothing is done while the annotation ${PAUSED_ANNOTATION} is "true"; remove it to go on.`,
  } as const;
  await report(round, {
    conditions: withCondition(conditionsOf(round.parent), stated),
    generation: statusOf(round.parent).observedGeneration,
  });
  return {};
};

const converge = async <P extends KubeObject, O, E>(round: Round<P, O, E>): Promise<Outcome> => {
  const { controller, world } = round;
  await withFinalizer(round);
  const observed = await controller.observe(round.parent, world);
  const desired = controller.desired(round.parent, observed);
  // Before anything is made, inside the cluster or outside: what cannot be finished is not begun.
  const plan = planFor(round, desired.children);
  await perform(round, desired.effects);
  const { waiting } = await bringAbout(round, plan);
  if (waiting.length > 0) throw isBeingDeleted(waiting);
  await report(round, { status: desired.status, conditions: desired.conditions });
  const { requeueAfterSeconds } = desired;
  return requeueAfterSeconds === undefined ? {} : { requeueAfterSeconds };
};

const isBeingDeleted = (children: readonly Child[]): ReconcileError =>
  new ReconcileError(
    'BeingDeleted',
    `Waits until ${children.map(nameOfChild).join(', ')} is gone, which is being deleted; then it is made anew. ` +
      'If it does not go, see its finalizers.',
  );

import { isNotFound } from './api-error.ts';
import { bringAbout, perform, planFor } from './bring-about.ts';
import type { Controller } from './controller.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import { OWNER_LABEL, ownerLabel } from './ownership.ts';
import { nameOfChild, ownedChildren } from './plan-children.ts';
import { reportNotReady } from './report.ts';
import { type Outcome, ownerOf, type Round } from './round.ts';
import { mergePatch } from './verbs.ts';

type Finalizer<P extends KubeObject, O, E> = NonNullable<Controller<P, O, E>['finalizer']>;

const has = ({ metadata }: KubeObject, name: string): boolean => metadata.finalizers?.includes(name) === true;

/** Puts the finalizer on the parent, so that nothing is made of which nobody would know when the parent is deleted. */
export const withFinalizer = async <P extends KubeObject, O, E>(round: Round<P, O, E>): Promise<void> => {
  const { finalizer } = round.controller;
  if (finalizer === undefined || has(round.parent, finalizer.name)) return;
  if (finalizer.isFor?.(round.parent) === false) return;
  await writeFinalizers(round, [...(round.parent.metadata.finalizers ?? []), finalizer.name]);
};

/** Only on the parent as it was seen: others have finalizers of their own in that list. */
const writeFinalizers = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  finalizers: readonly string[],
): Promise<void> => {
  const { client, controller, parent, signal, written } = round;
  const { uid, resourceVersion } = parent.metadata;
  round.parent = await mergePatch<P>(client, {
    resource: controller.parent,
    key: keyOf(parent),
    patch: { metadata: { uid, resourceVersion, finalizers } },
    signal,
  });
  // Without its last finalizer it is gone, and no cache will ever show it as it was written.
  if (finalizers.length > 0) written.push({ resource: controller.parent, object: round.parent });
};

/** Brings a deleted parent one step nearer to its end. */
export const finalize = async <P extends KubeObject, O, E>(round: Round<P, O, E>): Promise<Outcome> => {
  const { parent, controller } = round;
  const { finalizer } = controller;
  if (finalizer === undefined || !has(parent, finalizer.name)) return {};
  const leftSeconds = secondsLeft(parent, finalizer);
  if (leftSeconds <= 0) return await letGo(round, finalizer);
  const observed = await controller.observe(parent, round.world);
  const { children = [], effects, waitingFor } = finalizer.finalize(parent, observed);
  const { leaving } = await bringAbout(round, planFor(round, children));
  if (leaving.length > 0) {
    await reportNotReady(round, childrenAreLeaving(round));
    return { requeueAfterSeconds: leftSeconds };
  }
  await perform(round, effects);
  if (waitingFor !== undefined) {
    await reportNotReady(round, waitingFor);
    return { requeueAfterSeconds: leftSeconds };
  }
  await removeFinalizer(round, finalizer);
  return {};
};

/** By the API server's clock at one end and ours at the other; what a deadline is for can bear that. */
const secondsLeft = <P extends KubeObject, O, E>(
  { metadata }: P,
  { deadlineSeconds }: Finalizer<P, O, E>,
): number => {
  const deletedAt = Date.parse(metadata.deletionTimestamp ?? '');
  return (deletedAt - Date.now()) / 1_000 + deadlineSeconds;
};

/** Stable text: the children go one by one, and a condition does not follow each. */
const childrenAreLeaving = <P extends KubeObject, O, E>(round: Round<P, O, E>) => ({
  reason: 'Deleting',
  message: `Waits until what it owns is gone: all that has the label ${OWNER_LABEL}=${ownerLabel(ownerOf(round))}.`,
});

const removeFinalizer = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  { name }: Finalizer<P, O, E>,
): Promise<void> => {
  const others = (round.parent.metadata.finalizers ?? []).filter((one) => one !== name);
  await writeFinalizers(round, others).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
};

/** The deadline has passed: whoever deleted the parent gets it out of the way, and is told what they must see to. */
const letGo = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  finalizer: Finalizer<P, O, E>,
): Promise<Outcome> => {
  const { controller, parent, recorder } = round;
  const left = await whatIsLeft(round, finalizer);
  recorder.record(controller.parent, parent, {
    type: 'Warning',
    reason: 'DeadlinePassed',
    message: `It could not be finalized within ${finalizer.deadlineSeconds} s and goes all the same; left behind: ${left}.`,
  });
  await recorder.flush();
  await removeFinalizer(round, finalizer);
  return {};
};

const NAMED_AT_MOST = 10;

const whatIsLeft = async <P extends KubeObject, O, E>(
  round: Round<P, O, E>,
  { finalize }: Finalizer<P, O, E>,
): Promise<string> => {
  const { controller, parent, world } = round;
  const owned = ownedChildren({ owner: ownerOf(round), resources: controller.children, world });
  const names = owned.slice(0, NAMED_AT_MOST).map(nameOfChild);
  const more = owned.length > names.length ? [`${owned.length - names.length} more`] : [];
  const reason = await Promise.resolve()
    .then(async () => finalize(parent, await controller.observe(parent, world)).waitingFor?.message)
    .catch((error: unknown) => String(error));
  const left = [...names, ...more, ...(reason === undefined ? [] : [reason.replace(/\.$/, '')])];
  return left.length > 0 ? left.join(', ') : 'what its effects would have removed';
};

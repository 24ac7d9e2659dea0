import type { World } from '../../engine/cache.ts';
import type { Controller } from '../../engine/controller.ts';
import type { KubeClient } from '../../engine/kube-client.ts';
import { type KubeObject, keyOf } from '../../engine/kube-object.ts';
import { applyStatus } from '../../engine/verbs.ts';

type Reconciling<Parent extends KubeObject, Observed, Effect> = {
  readonly kube: KubeClient;
  readonly controller: Controller<Parent, Observed, Effect>;
  readonly world: World;
};

/** Nobody stops it. */
const { signal } = new AbortController();

/** What the engine does for one key, once and in its order, with caches that know what `world` knows. */
export const reconcileOnce = async <Parent extends KubeObject, Observed, Effect>(
  { kube, controller, world }: Reconciling<Parent, Observed, Effect>,
  parent: Parent,
): Promise<void> => {
  const observed = await controller.observe(parent, world);
  const { status, conditions, effects = [] } = controller.desired(parent, observed);
  for (const effect of effects) await controller.perform?.(effect, parent, { client: kube, signal });
  const { apiVersion, kind } = parent;
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const stated = { ...status, conditions: conditions.map((one) => ({ ...one, lastTransitionTime })) };
  const object = { apiVersion, kind, metadata: { name: keyOf(parent) }, status: stated };
  await applyStatus(kube, { resource: controller.parent, object, fieldManager: 'cadastre' });
};

/** @returns why it cannot go yet. */
export const finalizeOnce = async <Parent extends KubeObject, Observed, Effect>(
  { kube, controller, world }: Reconciling<Parent, Observed, Effect>,
  parent: Parent,
): Promise<string | undefined> => {
  const observed = await controller.observe(parent, world);
  const { effects = [], waitingFor } = controller.finalizer?.finalize(parent, observed) ?? {};
  for (const effect of effects) await controller.perform?.(effect, parent, { client: kube, signal });
  return waitingFor?.reason;
};

import type { Watch } from '../engine/controller.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { BoundedContext } from './bounded-context.ts';
import type { Cell } from './cell.ts';
import { conditionIn } from './lookups.ts';
import type { Plan } from './plan.ts';
import type { Tenant } from './tenant.ts';

// What of one kind others depend on, for `sees` of their watches.

/** Of our kinds: it grows with each change of the spec, and when deletion is asked for. */
const generationOf = ({ metadata }: KubeObject): number | undefined => metadata.generation;

/** Without the time of its transition. */
const saidIn = (object: Parameters<typeof conditionIn>[0], type: string): unknown => {
  const condition = conditionIn(object, type);
  return condition && [condition.status, condition.reason, condition.message];
};

const sees =
  <T extends KubeObject>(matters: (object: T) => unknown): NonNullable<Watch['sees']> =>
  (object) =>
    matters(object as T);

/** What is wished, and whether it is to go: all that matters of a kind whose status says what became of that. */
export const seesWish = sees(generationOf);

/** The wish, and where it lives. */
export const seesHome = sees<Tenant>((tenant) => [
  generationOf(tenant),
  tenant.status?.cell,
  tenant.status?.id,
  saidIn(tenant, 'Placed'),
]);

/** The wish, and whether it is valid. */
export const seesValidity = sees<Plan>((plan) => [generationOf(plan), saidIn(plan, 'Ready')]);

/** The wish, and what is released of it. */
export const seesRelease = sees<BoundedContext>((context) => [
  generationOf(context),
  context.status?.released,
]);

/** What runs in it. */
export const seesPrograms = sees<Cell>(({ metadata, status }) => [metadata.uid, status?.contexts]);

/** Whose it is and what it runs for whom; not how large it may become. */
export const seesLodging = sees<Cell>(({ metadata, spec, status }) => [
  metadata.deletionTimestamp,
  metadata.labels,
  spec.isolation,
  spec.namespace,
  status?.tenants,
  status?.contexts,
  saidIn({ status }, 'Ready'),
]);

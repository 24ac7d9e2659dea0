import { isConflict, isNotFound } from './api-error.ts';
import { atMost } from './at-most.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import type { Written } from './own-writes.ts';
import { FIELD_MANAGER, isOwnedBy, type Owner } from './ownership.ts';
import {
  type Child,
  type ChildrenPlan,
  driftOf,
  isNamespace,
  nameOfChild,
  type Step,
} from './plan-children.ts';
import { ReconcileError } from './reconcile-error.ts';
import type { ServerForms } from './server-forms.ts';
import { deleteObject, findObject, serverSideApply } from './verbs.ts';

export type ApplyDeps = {
  readonly owner: Owner;
  readonly client: KubeClient;
  readonly forms: ServerForms;
  /** Hears of every object as the API server has it after a write. */
  readonly onWritten: (written: Written) => void;
  readonly signal?: AbortSignal;
};

const signalOf = ({ signal }: ApplyDeps) => signal && { signal };

/** Of one parent, so that others get their turn on the same connections. */
const AT_ONCE = 8;

/** No object has this version, so that applying with it is a conflict where there is an object, and creates where not. */
const NONE_EXISTS = '1';

type Apply = Extract<Step, { does: 'apply' }>;

/**
 * Applies what is to be applied: namespaces, and when all of them are there the rest.
 *
 * Guarantee: an object is written only when it is the very one that the plan saw, or when there is none.
 * @throws the first failure, when all were tried.
 */
export const applyChildren = async ({ steps }: ChildrenPlan, deps: ApplyDeps): Promise<void> => {
  const toApply = steps.filter((step) => step.does === 'apply');
  const namespaces = toApply.filter(({ child }) => isNamespace(child));
  const others = toApply.filter(({ child }) => !isNamespace(child));
  for (const part of [namespaces, others]) await atMost(AT_ONCE, part, (step) => apply(step, deps));
};

const apply = async (step: Apply, deps: ApplyDeps): Promise<void> => {
  const { child, current } = step;
  const only = current === undefined ? { resourceVersion: NONE_EXISTS } : { uid: current.metadata.uid ?? '' };
  const object = { ...child.object, metadata: { ...child.object.metadata, ...only } };
  const applied = await serverSideApply<KubeObject>(deps.client, {
    resource: child.resource,
    object,
    fieldManager: FIELD_MANAGER,
    force: true,
    ...signalOf(deps),
  }).catch((cause: unknown) => explain(step, cause, deps));
  deps.forms.learn(child, driftOf(child, applied));
  deps.onWritten({ resource: child.resource, object: applied });
};

/** The cache may be behind, or hold only what is labelled as ours: what is there is asked for before it is called foreign. */
const explain = async ({ child, current }: Apply, cause: unknown, deps: ApplyDeps): Promise<never> => {
  if (current === undefined && isConflict(cause)) {
    const found = await findObject(deps.client, {
      resource: child.resource,
      key: child.key,
      ...signalOf(deps),
    });
    if (found !== undefined && !isOwnedBy(found, deps.owner)) throw notOurs([child], deps.owner);
  }
  throw failed('apply', child, cause);
};

/** Deletes what is owned and no longer desired, namespaces last. @throws the first failure, when all were tried. */
export const pruneChildren = async ({ prune }: ChildrenPlan, deps: ApplyDeps): Promise<void> => {
  const namespaces = prune.filter(isNamespace);
  const others = prune.filter((child) => !isNamespace(child));
  for (const part of [others, namespaces]) await atMost(AT_ONCE, part, (child) => remove(child, deps));
};

const remove = async (child: Child, deps: ApplyDeps): Promise<void> => {
  const { resource, key, object } = child;
  const { uid } = object.metadata;
  deps.forms.forget(child);
  await deleteObject(deps.client, {
    resource,
    key,
    uid,
    propagationPolicy: 'Background',
    ...signalOf(deps),
  }).catch((cause: unknown) => {
    // Gone already, and what may have its name now is another.
    if (!isNotFound(cause) && !isConflict(cause)) throw failed('delete', child, cause);
  });
};

const failed = (what: 'apply' | 'delete', child: Child, cause: unknown): Error =>
  new Error(`cannot ${what} ${nameOfChild(child)}: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  });

export const notOurs = (children: readonly Child[], { parent, resource }: Owner): ReconcileError => {
  const names = children.map(nameOfChild).join(', ');
  return new ReconcileError(
    'NotOurs',
    `${names}: exists and does not belong to ${resource.kind} ${parent.metadata.name}, so nothing of it is changed. ` +
      'Delete or rename what is there, or choose another name.',
  );
};

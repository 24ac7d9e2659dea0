import type { AsDesired } from './as-desired.ts';
import type { World } from './cache.ts';
import { type Difference, differences } from './differences.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import { APPLIED_ANNOTATION, isOwnedBy, OWNER_INDEX, type Owner, ownerLabel, stamped } from './ownership.ts';
import { apiVersionOf, type Resource } from './resource.ts';

/** A child in the caches or to be there. */
export type Child = {
  readonly resource: Resource;
  readonly key: ObjectKey;
  readonly object: KubeObject;
};

export type Step =
  /** `current` is what the cache has of it, undefined for one that is to be made. */
  | { readonly does: 'apply'; readonly child: Child; readonly current: KubeObject | undefined }
  | { readonly does: 'leave'; readonly child: Child }
  /** It exists and is another's: nothing of it is touched. */
  | { readonly does: 'refuse'; readonly child: Child }
  /** It is being deleted; only when it is gone can it be made anew. */
  | { readonly does: 'wait'; readonly child: Child }
  /** Its namespace is refused or waited for. */
  | { readonly does: 'skip'; readonly child: Child };

export type ChildrenPlan = {
  /** In the order of the desired children, namespaces first. */
  readonly steps: readonly Step[];
  /** Owned and no longer desired, namespaces last. */
  readonly prune: readonly Child[];
  /** Owned, no longer desired, and on their way out already. */
  readonly leaving: readonly Child[];
};

export type PlanInput = {
  readonly owner: Owner;
  readonly desired: readonly KubeObject[];
  /** The resources that children may be of. */
  readonly resources: readonly Resource[];
  readonly world: World;
  /** Whether the API server itself makes these differences of the desired object. */
  readonly areKnown?: (child: Child, differences: readonly Difference[]) => boolean;
  /** What needs no comparing. */
  readonly asDesired?: AsDesired;
};

/** What is to be done about the children of a parent by what the caches say; pure. */
export const planChildren = (input: PlanInput): ChildrenPlan => {
  const children = input.desired.map((object) => childOf(object, input));
  const names = new Set(children.map(nameOfChild));
  if (names.size < children.length) throw new Error(`controller ${input.owner.name} wants a child twice`);
  const namespaces = children.filter(isNamespace).map((child) => stepFor(child, input));
  const closed = new Set(
    namespaces.filter(({ does }) => does === 'refuse' || does === 'wait').map(keyOfStep),
  );
  const others = children
    .filter((child) => !isNamespace(child))
    .map((child): Step => {
      const isClosed = closed.has(child.object.metadata.namespace ?? '');
      return isClosed ? { does: 'skip', child } : stepFor(child, input);
    });
  const surplus = ownedChildren(input).filter((child) => !names.has(nameOfChild(child)));
  return {
    steps: [...namespaces, ...others],
    prune: surplus.filter((child) => !isLeaving(child.object)),
    leaving: surplus.filter((child) => isLeaving(child.object)),
  };
};

/** Those that the caches have, namespaces last. */
export const ownedChildren = ({
  owner,
  resources,
  world,
}: Pick<PlanInput, 'owner' | 'resources' | 'world'>): readonly Child[] =>
  resources
    .flatMap((resource) =>
      world
        .cache(resource)
        .byIndex(OWNER_INDEX, ownerLabel(owner))
        .filter((object) => isOwnedBy(object, owner))
        .map((object): Child => ({ resource, key: keyOf(object), object })),
    )
    .sort((a, b) => Number(isNamespace(a)) - Number(isNamespace(b)));

/** `Deployment cadastre-acme/ordering` */
export const nameOfChild = ({ resource, key }: Pick<Child, 'resource' | 'key'>): string =>
  `${resource.kind} ${key}`;

export const isNamespace = ({ resource }: Pick<Child, 'resource'>): boolean =>
  resource.group === '' && resource.kind === 'Namespace';

const isLeaving = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

const keyOfStep = ({ child }: Step): ObjectKey => child.key;

/** @throws for what the controller's author has to mend. */
const childOf = (object: KubeObject, { owner, resources }: PlanInput): Child => {
  const { apiVersion, kind, metadata } = object;
  const resource = resources.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  if (resource === undefined) {
    throw new Error(
      `controller ${owner.name} wants a ${kind} of ${apiVersion}; add it to its list of children`,
    );
  }
  if (resource.namespaced !== (metadata.namespace !== undefined)) {
    const fault = resource.namespaced ? 'without' : 'with';
    throw new Error(`controller ${owner.name} wants the ${kind} ${metadata.name} ${fault} a namespace`);
  }
  return { resource, key: keyOf(object), object };
};

const stepFor = (wanted: Child, input: PlanInput): Step => {
  const { resource, key, object } = wanted;
  const { world, owner, asDesired } = input;
  const current = world.cache(resource).get(key);
  if (current !== undefined && asDesired?.isKnown(current, object, owner)) return leave(wanted, current);
  const child = { ...wanted, object: stamped(object, owner) };
  if (current === undefined) return { does: 'apply', child, current };
  if (!isOwnedBy(current, owner)) return { does: 'refuse', child };
  if (isLeaving(current)) return { does: 'wait', child };
  if (!isAsApplied(child, current, input)) return { does: 'apply', child, current };
  asDesired?.remember(current, object, owner);
  return leave(wanted, current);
};

const leave = (child: Child, current: KubeObject): Step => ({
  does: 'leave',
  child: { ...child, object: current },
});

const isAsApplied = (child: Child, current: KubeObject, { areKnown }: PlanInput): boolean => {
  const hashOf = ({ metadata }: KubeObject) => metadata.annotations?.[APPLIED_ANNOTATION];
  if (hashOf(current) !== hashOf(child.object)) return false;
  const found = driftOf(child, current);
  return found.length === 0 || areKnown?.(child, found) === true;
};

/** What of the child is otherwise in the cluster. Objects in lists do not say their kind. */
export const driftOf = ({ object }: Child, current: KubeObject): readonly Difference[] =>
  differences(object, { ...current, apiVersion: object.apiVersion, kind: object.kind });

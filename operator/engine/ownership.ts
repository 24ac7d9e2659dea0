import { hash } from 'node:crypto';
import type { KubeObject, ObjectKey, OwnerReference } from './kube-object.ts';
import { apiVersionOf, type Resource } from './resource.ts';

/** Who applies: a controller, for one parent. */
export type Owner = {
  /** The controller's. */
  readonly name: string;
  readonly parent: KubeObject;
  /** Of the parent. */
  readonly resource: Resource;
};

export const FIELD_MANAGER = 'cadastre';
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const OWNER_LABEL = 'cadastre.dev/owner';
/** Holds the hash of what was applied last, so that a field that is no longer desired is noticed. */
export const APPLIED_ANNOTATION = 'cadastre.dev/applied';

/** The name of the index by which caches find the children of an owner. */
export const OWNER_INDEX = 'owner';
export const ownerIndex = ({ metadata }: KubeObject): readonly string[] => {
  const label = metadata.labels?.[OWNER_LABEL];
  return label === undefined ? [] : [label];
};

const LONGEST_LABEL = 63;

const digest = (text: string, length: number): string => hash('sha256', text).slice(0, length);

/** `cell.acme`; of names that are too long for a label the beginning, and a hash that tells them apart. */
export const ownerLabel = ({ name, parent }: Owner): string => {
  const label = `${name}.${parent.metadata.name}`;
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 9)}-${digest(label, 8)}`;
};

const ownerReference = ({ parent, resource }: Owner): OwnerReference => ({
  apiVersion: apiVersionOf(resource),
  kind: resource.kind,
  name: parent.metadata.name,
  uid: parent.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

/** With its label and as this very parent's: one that was made anew under the same name owns nothing of the former. */
export const isOwnedBy = ({ metadata }: KubeObject, owner: Owner): boolean =>
  metadata.labels?.[OWNER_LABEL] === ownerLabel(owner) &&
  (metadata.ownerReferences ?? []).some(
    ({ uid, controller }) => uid === owner.parent.metadata.uid && controller === true,
  );

/** The key of the parent that a child says it has, whether or not there is such a parent. */
export const parentOf = ({ metadata }: KubeObject, resource: Resource): ObjectKey | undefined => {
  const reference = metadata.ownerReferences?.find(
    ({ controller, kind, apiVersion }) =>
      controller === true && kind === resource.kind && apiVersion.split('/')[0] === resource.group,
  );
  if (reference === undefined) return undefined;
  return resource.namespaced ? `${metadata.namespace}/${reference.name}` : reference.name;
};

/** Text that is the same for the same JSON, whatever the order of its keys. */
const canonical = (value: unknown): string => JSON.stringify(sorted(value));

/** A copy: with a replacer JSON.stringify takes several times as long. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) copy[name] = sorted(fields[name]);
  return copy;
};

/** The child as it is applied: with all by which it is known again, and a hash over that. */
export const stamped = (child: KubeObject, owner: Owner): KubeObject => {
  const { metadata } = child;
  const labels = {
    ...metadata.labels,
    [MANAGED_BY_LABEL]: FIELD_MANAGER,
    [OWNER_LABEL]: ownerLabel(owner),
  };
  const known = { ...child, metadata: { ...metadata, labels, ownerReferences: [ownerReference(owner)] } };
  const annotations = { ...metadata.annotations, [APPLIED_ANNOTATION]: digest(canonical(known), 32) };
  return { ...known, metadata: { ...known.metadata, annotations } };
};

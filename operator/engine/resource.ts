import { keyParts, type ObjectKey } from './kube-object.ts';

/** A kind of object as the API server serves it. */
export type Resource = {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in the path: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
};

/** `apps/v1`, `v1` */
export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`: names a resource in logs, metrics and labels. */
export const nameOf = ({ group, plural }: Resource): string => (group === '' ? plural : `${plural}.${group}`);

/** `/apis/apps/v1/deployments`: all of them, or those of one namespace. */
export const collectionPath = (resource: Resource, namespace?: string): string => {
  const root = resource.group === '' ? '/api' : '/apis';
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${apiVersionOf(resource)}${within}/${resource.plural}`;
};

/** The path of one object, or of a subresource of it such as `status`. */
export const objectPath = (resource: Resource, key: ObjectKey, subresource?: string): string => {
  const { namespace, name } = keyParts(key);
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
};

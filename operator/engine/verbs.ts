import { isNotFound } from './api-error.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import { APPLY } from './repeats.ts';
import { apiVersionOf, collectionPath, objectPath, type Resource } from './resource.ts';

type Options = Pick<KubeRequest, 'signal' | 'timeoutMs'>;

export type Named = Options & {
  readonly resource: Resource;
  readonly key: ObjectKey;
  readonly subresource?: string;
};

export type Given = Options & {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly subresource?: string;
};

const sending = ({ signal, timeoutMs }: Options): Options => ({
  ...(signal && { signal }),
  ...(timeoutMs !== undefined && { timeoutMs }),
});

/** @throws ApiError, also when there is none. */
export const getObject = <T extends KubeObject>(client: KubeClient, at: Named): Promise<T> =>
  client.request<T>({
    method: 'GET',
    path: objectPath(at.resource, at.key, at.subresource),
    ...sending(at),
  });

/** Undefined when there is none. */
export const findObject = <T extends KubeObject>(client: KubeClient, at: Named): Promise<T | undefined> =>
  getObject<T>(client, at).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

export type Selection = {
  readonly resource: Resource;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
};

export type PageOptions = Options &
  Selection & {
    readonly limit?: number;
    /** From the page before. */
    readonly continue?: string;
  };

export type Page<T extends KubeObject> = {
  readonly items: readonly T[];
  /** The same on all pages of a list: a watch goes on from here. */
  readonly resourceVersion: string;
  /** Absent on the last page. */
  readonly continue?: string;
};

type KubeList<T> = {
  readonly items: readonly T[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
};

/** @throws ApiError 410 when `continue` is too old. */
export const listPage = async <T extends KubeObject>(
  client: KubeClient,
  { resource, namespace, labelSelector, fieldSelector, limit, continue: from, ...rest }: PageOptions,
): Promise<Page<T>> => {
  const { items, metadata } = await client.request<KubeList<T>>({
    method: 'GET',
    path: collectionPath(resource, namespace),
    query: { labelSelector, fieldSelector, limit, continue: from },
    ...sending(rest),
  });
  // Built-in kinds come without them in a list.
  const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  return {
    items: (items ?? []).map((item) => ({ ...type, ...item })),
    resourceVersion: metadata.resourceVersion,
    ...(metadata.continue && { continue: metadata.continue }),
  };
};

/** @throws ApiError `AlreadyExists`. */
export const createObject = <T extends KubeObject>(client: KubeClient, given: Given): Promise<T> => {
  const { resource, object, subresource } = given;
  const { namespace } = object.metadata;
  const path =
    subresource === undefined
      ? collectionPath(resource, namespace)
      : objectPath(resource, keyOf(object), subresource);
  return client.request<T>({ method: 'POST', path, body: object, ...sending(given) });
};

/** The object's `resourceVersion` says what it replaces. @throws ApiError `Conflict` when that is no longer so. */
export const replaceObject = <T extends KubeObject>(client: KubeClient, given: Given): Promise<T> =>
  client.request<T>({
    method: 'PUT',
    path: objectPath(given.resource, keyOf(given.object), given.subresource),
    body: given.object,
    ...sending(given),
  });

export type Applied = Given & {
  readonly fieldManager: string;
  /** Takes fields that another manager owns. Without it that is a `Conflict`. */
  readonly force?: boolean;
};

/** Creates or changes: what `object` says is so, what it said before and says no more is gone. */
export const serverSideApply = <T extends KubeObject>(client: KubeClient, applied: Applied): Promise<T> =>
  client.request<T>({
    method: 'PATCH',
    path: objectPath(applied.resource, keyOf(applied.object), applied.subresource),
    query: { fieldManager: applied.fieldManager, force: applied.force ?? false },
    // JSON is YAML.
    contentType: APPLY,
    body: applied.object,
    ...sending(applied),
  });

/** The object's spec and metadata are ignored, but for its name. @throws ApiError 404 when there is none. */
export const applyStatus = <T extends KubeObject>(
  client: KubeClient,
  applied: Omit<Applied, 'subresource'>,
): Promise<T> => serverSideApply<T>(client, { ...applied, subresource: 'status' });

export type MergePatched = Named & { readonly patch: unknown };

/** RFC 7386: null removes a field, a list is replaced as a whole. */
export const mergePatch = <T extends KubeObject>(client: KubeClient, patched: MergePatched): Promise<T> =>
  client.request<T>({
    method: 'PATCH',
    path: objectPath(patched.resource, patched.key, patched.subresource),
    contentType: 'application/merge-patch+json',
    body: patched.patch,
    ...sending(patched),
  });

export type Deleted = Omit<Named, 'subresource'> & {
  /** Only this very object, not one that has taken its name since. @throws ApiError `Conflict` otherwise. */
  readonly uid?: string | undefined;
  /** Only as it was seen. @throws ApiError `Conflict` otherwise. */
  readonly resourceVersion?: string | undefined;
  /** Of its dependents: deleted afterwards, first, or left behind. The kind's own choice when absent. */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
};

/** With finalizers it only begins to go. @throws ApiError 404 when there is none. */
export const deleteObject = async (client: KubeClient, deleted: Deleted): Promise<void> => {
  const { resource, key, uid, resourceVersion, propagationPolicy } = deleted;
  const preconditions = { uid, resourceVersion };
  await client.request({
    method: 'DELETE',
    path: objectPath(resource, key),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy },
    ...sending(deleted),
  });
};

import { allDifferences } from './differences.ts';
import type { KubeClient } from './kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from './kube-object.ts';
import { FIELD_MANAGER } from './ownership.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import { type Status, statusOf } from './status.ts';
import { applyStatus } from './verbs.ts';

export type StatusDeps = {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly signal?: AbortSignal;
};

export interface StatusWriter {
  /** Writes the whole status where it is not the parent's yet. @returns the parent as written; undefined without a write. */
  write(parent: KubeObject, status: Status): Promise<KubeObject | undefined>;
  /** The parent is gone. */
  forget(key: ObjectKey): void;
}

const NO_DIFFERENCE = '[]';

/** Remembers what the API server made of a status, so that a default of the schema is not written against for ever. */
export const statusWriter = ({ client, resource, signal }: StatusDeps): StatusWriter => {
  const forms = new Map<ObjectKey, string>();
  const write: StatusWriter['write'] = async (parent, status) => {
    const key = keyOf(parent);
    const form = formOf(status, parent);
    if (form === NO_DIFFERENCE || form === forms.get(key)) return undefined;
    const { name, namespace, uid = '' } = parent.metadata;
    const object: KubeObject & { status: Status } = {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      // With the UID, so that a parent that was made anew is not told what became of the former.
      metadata: { name, uid, ...(namespace !== undefined && { namespace }) },
      status,
    };
    const applied = await applyStatus<KubeObject>(client, {
      resource,
      object,
      fieldManager: FIELD_MANAGER,
      force: true,
      ...(signal && { signal }),
    });
    forms.set(key, formOf(status, applied));
    return applied;
  };
  return { write, forget: (key) => void forms.delete(key) };
};

/** Status and differences: another status starts afresh. */
const formOf = (status: Status, current: KubeObject): string => {
  const differences = allDifferences(status, statusOf(current));
  return differences.length === 0 ? NO_DIFFERENCE : JSON.stringify([status, differences]);
};

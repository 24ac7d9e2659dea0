import { type Cell, cellKind, cellSpec } from '../api/cell.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../engine/api-error.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { ReconcileError } from '../engine/reconcile-error.ts';
import { apiVersionOf } from '../engine/resource.ts';
import { createObject, deleteObject, findObject } from '../engine/verbs.ts';
import type { CreateCell, DeleteCell } from './effect.ts';
import type { Placement } from './place.ts';

/** On a dedicated cell: the permanent id of its tenant. */
export const TENANT_LABEL = 'cadastre.dev/tenant';

/** A cell as it is made, a dedicated one with the id of its tenant on it. Its quotas follow the plans. */
export const newCell = ({ cell, isolation }: Placement, tenant: Tenant): Cell => {
  const owned = isolation === 'Dedicated' && { [TENANT_LABEL]: tenantIdOf(tenant) };
  return {
    apiVersion: apiVersionOf(cellKind),
    kind: cellKind.kind,
    metadata: { name: cell, labels: { 'app.kubernetes.io/managed-by': 'cadastre', ...owned } },
    spec: cellSpec.parse({ isolation, namespace: namespaceOf(cell) }),
  };
};

export const namespaceOf = (cell: string): string => `cadastre-${cell}`;

/** A dedicated cell that is nobody else's. One that was made by hand in advance has no label, and is taken. */
export const isCellOf = (tenant: Tenant, { metadata, spec }: Cell): boolean => {
  const owner = metadata.labels?.[TENANT_LABEL];
  const isOwn = owner === undefined || owner === tenantIdOf(tenant);
  return spec.isolation === 'Dedicated' && metadata.name === tenant.metadata.name && isOwn;
};

export const cellNameTaken = (name: string): string =>
  `the Cell ${name} is another's: delete it if nobody needs it, or give the tenant another name`;

/** Whether a cell of that name will do for what the effect wants to make. */
const willDo = (found: Cell, wanted: Cell): boolean => {
  const owner = found.metadata.labels?.[TENANT_LABEL];
  const isOther = owner !== undefined && owner !== wanted.metadata.labels?.[TENANT_LABEL];
  return found.spec.isolation === wanted.spec.isolation && !isOther;
};

/** @throws ReconcileError when there is a cell of that name that cannot be used: the caches will show it. */
export const createCell = async (kube: KubeClient, { cell }: CreateCell): Promise<void> => {
  try {
    await createObject(kube, { resource: cellKind, object: cell });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const { name } = cell.metadata;
    const found = await readCell(kube, name);
    if (found === undefined || willDo(found, cell)) return;
    throw new ReconcileError('CellNameTaken', cellNameTaken(name), { cause: error });
  }
};

/** Does nothing when it is gone, or when another one has its name by now. */
export const deleteCell = async (kube: KubeClient, { name, uid }: DeleteCell): Promise<void> => {
  try {
    await deleteObject(kube, { resource: cellKind, key: name, uid });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
};

export const readCell = (kube: KubeClient, name: string): Promise<Cell | undefined> =>
  findObject<Cell>(kube, { resource: cellKind, key: name });

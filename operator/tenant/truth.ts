import { type Cell, cellKind } from '../api/cell.ts';
import { type Tenant, tenantKind } from '../api/tenant.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { Resource } from '../engine/resource.ts';
import { findObject, listPage } from '../engine/verbs.ts';
import type { Truth } from './placer.ts';

const PAGE = 500;

/** Without a resource version the API server answers with what is committed. */
export const apiServerTruth = (kube: KubeClient): Truth => ({
  read: async () => {
    const [cells, tenants] = await Promise.all([
      listAll<Cell>(kube, cellKind),
      listAll<Tenant>(kube, tenantKind),
    ]);
    return { cells, tenants };
  },
  readTenant: (name) => findObject<Tenant>(kube, { resource: tenantKind, key: name }),
});

const listAll = async <T extends KubeObject>(client: KubeClient, resource: Resource): Promise<T[]> => {
  const all: T[] = [];
  let from: string | undefined;
  do {
    const page = await listPage<T>(client, { resource, limit: PAGE, ...(from && { continue: from }) });
    all.push(...page.items);
    from = page.continue;
  } while (from !== undefined);
  return all;
};

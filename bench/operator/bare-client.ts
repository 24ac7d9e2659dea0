import { boundedContextKind } from '../../operator/api/bounded-context.ts';
import { type Cell, cellKind } from '../../operator/api/cell.ts';
import { planKind } from '../../operator/api/plan.ts';
import { cellController } from '../../operator/cell/controller.ts';
import type { CellOptions } from '../../operator/cell/options.ts';
import { cellChildren, deployments, secrets, services } from '../../operator/cell/resources.ts';
import { atMost } from '../../operator/engine/at-most.ts';
import type { KubeObject } from '../../operator/engine/kube-object.ts';
import { type LiveCache, liveWorld } from '../../operator/engine/live-world.ts';
import { FIELD_MANAGER, stamped } from '../../operator/engine/ownership.ts';
import { collectionPath, type Resource } from '../../operator/engine/resource.ts';
import { serverSideApply } from '../../operator/engine/verbs.ts';
import { AT_ONCE, type Cluster } from './cluster.ts';
import { instantServers } from './instant-servers.ts';
import { type Placed, subscription, tenant } from './objects.ts';
import type { Views } from './views.ts';

/**
 * Every object that the operator keeps for these tenants, as it applies it: children of cells come from the operator's own
 * pure part. @throws when the API server has fewer than that.
 */
export const objectsOf = async (
  cluster: Cluster,
  { cells, tenants, subscriptions }: Views,
  options: CellOptions,
): Promise<Placed[]> => {
  const more = await Promise.all(
    [boundedContextKind, planKind, secrets, deployments, services].map((resource) =>
      cluster.follow(resource),
    ),
  );
  const world = liveWorld([cells, tenants, subscriptions, ...more] as unknown as LiveCache[]);
  // Its accounts are never asked: what is done outside the cluster is no object.
  const { observe, desired, name } = cellController(options, instantServers(options, undefined as never));
  const objects: Placed[] = [];
  for (const cell of cells.list()) {
    const { children } = desired(cell, await observe(cell, world));
    const owner = { name, parent: cell, resource: cellKind };
    objects.push(
      tenant(cell.metadata.name),
      subscription(cell.metadata.name),
      { resource: cellKind, object: specOf(cell) },
      ...children.map((child) => ({ resource: resourceOf(child), object: stamped(child, owner) })),
    );
  }
  await checkAllThere(cluster, objects);
  return objects;
};

const specOf = ({ apiVersion, kind, metadata: { name }, spec }: Cell): KubeObject =>
  ({ apiVersion, kind, metadata: { name }, spec }) as KubeObject;

const resourceOf = ({ kind }: KubeObject): Resource => {
  const found = cellChildren.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`a cell has a ${kind}, which is not among its resources`);
  return found;
};

type Counted = {
  readonly items: readonly unknown[];
  readonly metadata: { readonly remainingItemCount?: number };
};

/** The API server's own objects make some kinds more than these, never fewer. */
const checkAllThere = async ({ client }: Cluster, objects: readonly Placed[]): Promise<void> => {
  for (const [resource, placed] of Map.groupBy(objects, ({ resource }) => resource)) {
    const query = { limit: 1 };
    const { items, metadata } = await client.request<Counted>({
      method: 'GET',
      path: collectionPath(resource),
      query,
    });
    const there = items.length + (metadata.remainingItemCount ?? 0);
    if (there < placed.length)
      throw new Error(`${placed.length} ${resource.plural} should be there, and ${there} are`);
  }
};

/**
 * Applies them with the operator's client and nothing around it, as many at once, what others live in first.
 * @returns seconds
 */
export const applyBare = async ({ client }: Cluster, objects: readonly Placed[]): Promise<number> => {
  const isFirst = ({ resource }: Placed) => !resource.namespaced;
  const since = performance.now();
  for (const part of [objects.filter(isFirst), objects.filter((one) => !isFirst(one))]) {
    await atMost(AT_ONCE, part, async (one) => {
      await serverSideApply(client, { ...one, fieldManager: FIELD_MANAGER, force: true });
    });
  }
  return (performance.now() - since) / 1_000;
};

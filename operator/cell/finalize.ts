import { consumerName } from '../../kit/context-map/context-map.ts';
import type { Cell } from '../api/cell.ts';
import type { Finalizing } from '../engine/controller.ts';
import { type CellEffect, retire } from './effects.ts';
import type { Observed } from './observe.ts';

/**
 * Ends what a cell has outside the cluster, once its pods have gone with the other children. Databases go only with the
 * tenant of a dedicated cell, when its policy says so: a cell that someone deletes under a living tenant is made again
 * and finds its data. So a tenant that leaves has to stay until its cell has gone.
 */
export const finalize = (cell: Cell, observed: Observed): Finalizing<CellEffect> => {
  const names = observed.tenants
    .flatMap(({ contexts }) => contexts)
    .map((name) => consumerName({ cell: cell.metadata.name, name }));
  const databases = [...new Set([...(cell.status?.databases ?? []), ...names])].sort();
  const dropped = databasesGo(cell, observed) ? databases : [];
  return {
    effects: [
      ...databases.flatMap(retire),
      ...dropped.map((name): CellEffect => ({ type: 'DropDatabase', name })),
    ],
  };
};

const databasesGo = (cell: Cell, { tenants }: Observed): boolean =>
  cell.spec.isolation === 'Dedicated' &&
  tenants.length > 0 &&
  tenants.every(({ isLeaving, deletionPolicy }) => isLeaving && deletionPolicy === 'Delete');

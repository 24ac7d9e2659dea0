import type { Cell, CellSpec } from '../api/cell.ts';
import { isLeaving } from '../api/lookups.ts';
import type { Plan } from '../api/plan.ts';
import type { Tenant } from '../api/tenant.ts';
import { isolationOf } from '../subscription/in-effect.ts';

export type Placement = { readonly cell: string; readonly isolation: CellSpec['isolation'] };

export type Placing = {
  readonly tenant: Tenant;
  readonly plan: Plan;
  readonly cells: readonly Cell[];
  /** All others with the cell that each was placed in, as recorded or as assumed. */
  readonly tenants: readonly Placed[];
  /** Of a pooled cell that is not there yet. */
  readonly capacity: number;
};

export type Placed = { readonly name: string; readonly cell: string | undefined };

/**
 * Where a tenant is to live for ever: in a cell of its own name, or in the first pooled cell with room, or else in a
 * new one. Pure; a cell that it names may have to be made.
 */
export const place = (placing: Placing): Placement => {
  const { tenant, plan } = placing;
  if (plan.spec.isolation === 'Dedicated') return { cell: tenant.metadata.name, isolation: 'Dedicated' };
  return { cell: cellWithRoom(placing) ?? newCellName(placing), isolation: 'Pooled' };
};

/** The place that a tenant has for ever, once its status says so. */
export const recordedPlacement = (tenant: Tenant): Placement | undefined => {
  const isolation = isolationOf(tenant);
  const cell = tenant.status?.cell;
  return cell === undefined || isolation === undefined ? undefined : { cell, isolation };
};

const cellWithRoom = (placing: Placing): string | undefined => {
  const taken = countBy(placing.tenants.map(({ cell }) => cell));
  return [...pooledCells(placing)]
    .filter(([name, capacity]) => (taken.get(name) ?? 0) < capacity)
    .map(([name]) => name)
    .filter((name) => name !== placing.tenant.metadata.name)
    .sort(inNumberOrder)
    .at(0);
};

/** Capacity by name; also of cells that tenants were placed in and that are still to be made. */
const pooledCells = ({ cells, tenants, capacity }: Placing): Map<string, number> => {
  const known = new Set(cells.map(({ metadata }) => metadata.name));
  const pooled = cells.filter((cell) => cell.spec.isolation === 'Pooled' && !isLeaving(cell));
  const coming = tenants.filter(({ name, cell }) => cell !== undefined && cell !== name && !known.has(cell));
  return new Map([
    ...coming.map(({ cell = '' }) => [cell, capacity] as const),
    ...pooled.map(({ metadata, spec }) => [metadata.name, spec.capacity] as const),
  ]);
};

/** A tenant of that name might want a cell of its own. */
const newCellName = ({ cells, tenants, tenant }: Placing): string => {
  const taken = new Set([
    ...cells.map(({ metadata }) => metadata.name),
    ...tenants.flatMap(({ name, cell }) => [name, cell]),
    tenant.metadata.name,
  ]);
  let number = 1;
  while (taken.has(`pool-${number}`)) number += 1;
  return `pool-${number}`;
};

const countBy = (values: readonly (string | undefined)[]): Map<string | undefined, number> => {
  const counts = new Map<string | undefined, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** `pool-2` before `pool-10`. */
const inNumberOrder = new Intl.Collator('en', { numeric: true }).compare;

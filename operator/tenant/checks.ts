import { type Check, firstFailure } from '../api/fault.ts';
import { conditionIn, isLeaving } from '../api/lookups.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { plansInEffect } from '../subscription/in-effect.ts';
import type { TenantObserved } from './observe.ts';

export type TenantInput = { readonly tenant: Tenant; readonly observed: TenantObserved };
type TenantCheck = Check<TenantInput>;

const isSuspended: TenantCheck = ({ tenant }) =>
  tenant.spec.suspended
    ? { reason: 'Suspended', message: 'data is kept, nothing runs: set spec.suspended to false to resume' }
    : undefined;

const nothingIsSubscribed: TenantCheck = ({ tenant, observed: { subscriptions, plans } }) => {
  if (plansInEffect(tenant, subscriptions, (name) => plans.get(name)).length > 0) return undefined;
  const message =
    subscriptions.length === 0
      ? `no Subscription names it: apply one whose spec.tenant is ${tenant.metadata.name}`
      : `none of its Subscriptions is in effect: see the conditions of ${subscriptions.map(({ metadata }) => metadata.name).join(', ')}`;
  return { reason: 'NoSubscription', message };
};

const cellIsMissing: TenantCheck = ({ observed: { cell, placement } }) =>
  cell === undefined
    ? { reason: 'CellMissing', message: `the Cell ${placement?.cell} is being made` }
    : undefined;

const cellIsLeaving: TenantCheck = ({ observed: { cell } }) =>
  cell !== undefined && isLeaving(cell)
    ? {
        reason: 'CellTerminating',
        message: `the Cell ${cell.metadata.name} was deleted and is made anew when it is gone`,
      }
    : undefined;

const cellIsNotReady: TenantCheck = ({ observed: { cell } }) => {
  const ready = conditionIn(cell, 'Ready');
  if (ready?.status === 'True') return undefined;
  const because = ready === undefined ? ' yet' : `: ${ready.message}`;
  return { reason: 'CellNotReady', message: `the Cell ${cell?.metadata.name} is not ready${because}` };
};

const cellHasNotTakenIt: TenantCheck = ({ tenant, observed: { cell } }) =>
  entryOf(tenant, cell) === undefined
    ? {
        reason: 'CellNotReady',
        message: `the Cell ${cell?.metadata.name} has not taken the tenant up yet: this takes a moment`,
      }
    : undefined;

const checks: readonly TenantCheck[] = [
  isSuspended,
  nothingIsSubscribed,
  cellIsMissing,
  cellIsLeaving,
  cellIsNotReady,
  cellHasNotTakenIt,
];

/** Why a tenant that has a cell is not ready; undefined if it is. */
export const readinessFault = (input: TenantInput) => firstFailure(checks, input);

/** What a cell says of the tenant. */
export const entryOf = (tenant: Tenant, cell: TenantObserved['cell']) =>
  cell?.status?.tenants?.find(({ id }) => id === tenantIdOf(tenant));

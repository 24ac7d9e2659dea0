import type { Check, Fault } from '../api/fault.ts';
import { conditionIn, isLeaving } from '../api/lookups.ts';
import type { Subscription } from '../api/subscription.ts';
import { tenantIdOf } from '../api/tenant.ts';
import type { SubscriptionState } from './fact.ts';
import { olderTwin, wouldMove } from './in-effect.ts';
import type { SubscriptionObserved } from './observe.ts';

export type SubscriptionInput = {
  readonly subscription: Subscription;
  readonly observed: SubscriptionObserved;
};
type SubscriptionCheck = Check<SubscriptionInput>;

/** A tenant of the same name takes the subscription up: it refers by name, as all resources do. */
const tenantIsMissing: SubscriptionCheck = ({ subscription: { spec, status }, observed }) => {
  if (observed.tenant !== undefined) return undefined;
  if (status?.cell === undefined) {
    const message = `there is no Tenant ${spec.tenant}: apply it, and this subscription takes effect`;
    return { reason: 'TenantMissing', message };
  }
  const message = `the Tenant ${spec.tenant} was deleted: delete this Subscription too, or apply a Tenant of that name`;
  return { reason: 'TenantDeleted', message };
};

const tenantIsLeaving: SubscriptionCheck = ({ subscription: { spec }, observed: { tenant } }) =>
  tenant !== undefined && isLeaving(tenant)
    ? {
        reason: 'TenantDeleted',
        message: `the Tenant ${spec.tenant} is being deleted: delete this Subscription too`,
      }
    : undefined;

export const planIsMissing: SubscriptionCheck = ({ subscription: { spec }, observed: { plan } }) =>
  plan === undefined
    ? {
        reason: 'PlanMissing',
        message: `there is no Plan ${spec.plan}: apply it, or name another in spec.plan`,
      }
    : undefined;

const duplicatesAnother: SubscriptionCheck = ({ subscription, observed }) => {
  const twin = olderTwin(subscription, observed.subscriptions)?.metadata.name;
  if (twin === undefined) return undefined;
  const { tenant, plan } = subscription.spec;
  const message = `${tenant} is subscribed to ${plan} by ${twin} already: delete one of the two, or name another plan`;
  return { reason: 'DuplicatePlan', message };
};

const tenantIsNotPlaced: SubscriptionCheck = ({ subscription: { spec }, observed: { tenant } }) => {
  if (tenant?.status?.cell !== undefined) return undefined;
  const why = conditionIn(tenant, 'Placed');
  const because = why?.status === 'False' ? `: ${why.message}` : ' yet: this takes a moment';
  return { reason: 'TenantNotPlaced', message: `the Tenant ${spec.tenant} has no cell${because}` };
};

export const wouldMoveTenant: SubscriptionCheck = ({
  subscription: { spec },
  observed: { tenant, plan },
}) => {
  if (tenant === undefined || plan === undefined || !wouldMove(tenant, plan)) return undefined;
  const kind = plan.spec.isolation === 'Dedicated' ? 'a dedicated' : 'a pooled';
  const message =
    `${spec.plan} needs ${kind} cell, and ${spec.tenant} lives in ${tenant.status?.cell} for good: ` +
    'name a plan of the same isolation, or make another Tenant';
  return { reason: 'MoveNotSupported', message };
};

const isSuspended: SubscriptionCheck = ({ subscription: { spec } }) =>
  spec.suspended
    ? { reason: 'Suspended', message: 'data is kept, nothing runs: set spec.suspended to false to resume' }
    : undefined;

const tenantIsSuspended: SubscriptionCheck = ({ observed: { tenant } }) =>
  tenant?.spec.suspended
    ? {
        reason: 'TenantSuspended',
        message: `the Tenant ${tenant.metadata.name} is suspended: set its spec.suspended to false to resume`,
      }
    : undefined;

const admission: readonly (readonly [SubscriptionState, SubscriptionCheck])[] = [
  ['Waiting', tenantIsMissing],
  ['Ended', tenantIsLeaving],
  ['Waiting', planIsMissing],
  ['Refused', duplicatesAnother],
  ['Waiting', tenantIsNotPlaced],
  ['Refused', wouldMoveTenant],
  ['Suspended', isSuspended],
  ['Suspended', tenantIsSuspended],
];

export type Admitted = { readonly state: SubscriptionState; readonly fault?: Fault };

/** Whether a subscription counts, and why not; whether its contexts run already is `runningChecks`. */
export const admitted = (input: SubscriptionInput): Admitted => {
  for (const [state, check] of admission) {
    const fault = check(input);
    if (fault !== undefined) return { state, fault };
  }
  return { state: 'Active' };
};

const planIsNotReady: SubscriptionCheck = ({ observed: { plan } }) => {
  const ready = conditionIn(plan, 'Ready');
  if (plan === undefined || ready === undefined || ready.status === 'True') return undefined;
  return { reason: 'PlanNotReady', message: `the Plan ${plan.metadata.name} is not valid: ${ready.message}` };
};

const contextsDoNotRun: SubscriptionCheck = ({ observed }) => {
  const { tenant, plan, cell, platformContexts } = observed;
  if (tenant === undefined || plan === undefined) return undefined;
  const id = tenantIdOf(tenant);
  const mine = cell?.status?.tenants?.find((one) => one.id === id)?.contexts ?? [];
  const ready = (cell?.status?.contexts ?? []).filter((one) => one.ready).map(({ name }) => name);
  const runs = (name: string) => ready.includes(name) && mine.includes(name);
  const missing = plan.spec.contexts.filter((name) => !platformContexts.has(name) && !runs(name));
  if (missing.length === 0) return undefined;
  const why = conditionIn(cell, 'Ready');
  const because = why?.status === 'False' ? `: ${why.message}` : ', which it takes up now';
  const message = `the Cell ${tenant.status?.cell} does not run ${missing.join(', ')} for it yet${because}`;
  return { reason: 'ContextsNotReady', message };
};

export const runningChecks: readonly SubscriptionCheck[] = [planIsNotReady, contextsDoNotRun];

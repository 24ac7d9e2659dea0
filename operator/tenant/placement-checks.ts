import { type Check, type Fault, firstFailure } from '../api/fault.ts';
import type { Plan } from '../api/plan.ts';
import type { Tenant } from '../api/tenant.ts';
import { cellNameTaken, isCellOf } from './cells.ts';
import type { TenantObserved } from './observe.ts';

/** What decides whether a tenant without a cell can be given one. */
export type PlacementInput = {
  readonly tenant: Tenant;
  readonly observed: Pick<TenantObserved, 'subscriptions' | 'plans' | 'namesake'>;
};
type PlacementCheck = Check<PlacementInput>;

/** The plan of the first subscription that has one: it says how the tenant is isolated, for ever. */
export const firstPlan = ({ subscriptions, plans }: PlacementInput['observed']): Plan | undefined =>
  subscriptions.map(({ spec }) => plans.get(spec.plan)).find((plan) => plan !== undefined);

const subscriptionIsMissing: PlacementCheck = ({ tenant: { metadata }, observed }) =>
  observed.subscriptions.length === 0
    ? {
        reason: 'NoSubscription',
        message: `nothing says what runs for it: apply a Subscription whose spec.tenant is ${metadata.name}`,
      }
    : undefined;

const planIsMissing: PlacementCheck = ({ observed }) => {
  if (firstPlan(observed) !== undefined) return undefined;
  const plans = [...new Set(observed.subscriptions.map(({ spec }) => spec.plan))];
  const message = `there is no Plan ${plans.join(', ')}: apply it, or name another in the Subscription`;
  return { reason: 'PlanMissing', message };
};

/** The platform's own contexts have it: databases are named after cell and context. */
const RESERVED = 'platform';

const cellNameIsTaken: PlacementCheck = ({ tenant, observed }) => {
  const { name } = tenant.metadata;
  if (firstPlan(observed)?.spec.isolation !== 'Dedicated') return undefined;
  if (name === RESERVED) {
    const message = `a dedicated cell has its tenant's name, and ${name} is the platform's: give the tenant another`;
    return { reason: 'CellNameTaken', message };
  }
  if (observed.namesake === undefined || isCellOf(tenant, observed.namesake)) return undefined;
  return { reason: 'CellNameTaken', message: cellNameTaken(name) };
};

const checks: readonly PlacementCheck[] = [subscriptionIsMissing, planIsMissing, cellNameIsTaken];

/** Why a tenant cannot be placed; undefined if it can. */
export const placementFault = (input: PlacementInput): Fault | undefined => firstFailure(checks, input);

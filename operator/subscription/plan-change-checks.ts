import { type Check, firstFailure } from '../api/fault.ts';
import { conditionIn, isLeaving } from '../api/lookups.ts';
import { planIsMissing, type SubscriptionInput, wouldMoveTenant } from './checks.ts';

const planIsWithdrawn: Check<SubscriptionInput> = ({ observed: { plan } }) =>
  plan !== undefined && isLeaving(plan)
    ? { reason: 'PlanWithdrawn', message: `the Plan ${plan.metadata.name} is being deleted: ask for another` }
    : undefined;

const planIsNotValid: Check<SubscriptionInput> = ({ observed: { plan } }) => {
  const ready = conditionIn(plan, 'Ready');
  if (plan === undefined || ready?.status === 'True') return undefined;
  const message = `the Plan ${plan.metadata.name} is not valid${ready ? `: ${ready.message}` : ' yet'}`;
  return { reason: 'PlanNotReady', message };
};

/** Whichever is older: a request never takes a plan away from another subscription. */
const wouldDuplicate: Check<SubscriptionInput> = ({ subscription, observed: { subscriptions } }) => {
  const { tenant, plan } = subscription.spec;
  const other = subscriptions.find(
    ({ metadata, spec }) => metadata.name !== subscription.metadata.name && spec.plan === plan,
  );
  if (other === undefined) return undefined;
  const message = `${tenant} is subscribed to ${plan} by ${other.metadata.name} already`;
  return { reason: 'DuplicatePlan', message };
};

const checks = [planIsMissing, planIsWithdrawn, wouldDuplicate, wouldMoveTenant, planIsNotValid];

/** Why the plan that was asked for is refused: the subscription would stop working, or another one of the tenant. */
export const planChangeFault = ({ subscription, observed }: SubscriptionInput) => {
  const { change, changeTo: plan } = observed;
  if (change === undefined) return undefined;
  const spec = { ...subscription.spec, plan: change.plan };
  return firstFailure(checks, {
    subscription: { ...subscription, spec },
    observed: { ...observed, plan },
  });
};

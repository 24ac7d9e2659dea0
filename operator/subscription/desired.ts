import { conditionOf, type Fault, firstFailure } from '../api/fault.ts';
import { isLeaving } from '../api/lookups.ts';
import type { Subscription } from '../api/subscription.ts';
import { tenantIdOf } from '../api/tenant.ts';
import type { StatedCondition } from '../engine/condition.ts';
import type { Desired, Finalizing } from '../engine/controller.ts';
import type { Standing } from '../events/account.ts';
import type { PublishFact } from '../events/facts.ts';
import { admitted, runningChecks } from './checks.ts';
import { subscriptionFact, subscriptionIdOf } from './fact.ts';
import type { SubscriptionObserved } from './observe.ts';
import { planChangeFault } from './plan-change-checks.ts';

/** Grants a request for another plan by patching the resource, or refuses it; either way it is closed. */
export type AnswerPlanChange = {
  readonly type: 'AnswerPlanChange';
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly request: string;
  readonly plan: string;
  readonly refusal?: Fault;
};

export type SubscriptionEffect = PublishFact | AnswerPlanChange;

export const desired = (
  subscription: Subscription,
  observed: SubscriptionObserved,
): Desired<SubscriptionEffect> => {
  const input = { subscription, observed };
  const { state, fault } = admitted(input);
  const notReady = fault ?? firstFailure(runningChecks, input);
  const { tenant, standing } = observed;
  // Kept when the tenant is gone: that tells a tenant that was deleted from one that never was.
  const cell = (tenant ?? subscription).status?.cell;
  const fine = { reason: 'Running', message: `the Cell ${cell} runs ${subscription.spec.plan} for it` };
  const reason = state === 'Waiting' || state === 'Refused' ? fault?.reason : undefined;
  const answers = answersOf(subscription, observed);
  const refused = refusedChangeOf(observed, answers);
  const refusedChange = refused && { plan: refused.plan, reason: refused.reason };
  return {
    children: [],
    status: cell === undefined ? {} : { cell },
    conditions: [
      conditionOf('Ready', notReady, fine),
      standingCondition(standing),
      ...changeCondition(refused),
    ],
    effects: [
      ...answers,
      ...(tenant === undefined
        ? []
        : [subscriptionFact({ subscription, tenant }, { state, reason, refusedChange })]),
    ],
  };
};

/** The end of a subscription is told; its contexts leave the cell by themselves. */
export const finalize = (
  subscription: Subscription,
  { tenant }: SubscriptionObserved,
): Finalizing<SubscriptionEffect> => ({
  effects: tenant === undefined ? [] : [subscriptionFact({ subscription, tenant }, { state: 'Ended' })],
});

const answersOf = (subscription: Subscription, observed: SubscriptionObserved): AnswerPlanChange[] => {
  const { tenant, change } = observed;
  if (tenant === undefined || isLeaving(tenant) || change === undefined || change.answer !== undefined)
    return [];
  const refusal = planChangeFault({ subscription, observed });
  const about = { tenantId: tenantIdOf(tenant), subscriptionId: subscriptionIdOf(subscription) };
  const { request, plan } = change;
  return [{ type: 'AnswerPlanChange', ...about, request, plan, ...(refusal !== undefined && { refusal }) }];
};

type RefusedChange = Fault & { readonly plan: string };

/** The last request if it was refused, or is about to be. */
const refusedChangeOf = (
  { change }: SubscriptionObserved,
  [answering]: readonly AnswerPlanChange[],
): RefusedChange | undefined => {
  const refusal = change?.answer?.refusal ?? answering?.refusal;
  return change === undefined || refusal === undefined ? undefined : { ...refusal, plan: change.plan };
};

/** Shown only when the last request was refused: a granted one shows in the spec. */
const changeCondition = (refused: RefusedChange | undefined): StatedCondition[] => {
  if (refused === undefined) return [];
  const message = `the plan ${refused.plan} was asked for and refused: ${refused.message}`;
  return [{ type: 'PlanChange', status: 'False', reason: refused.reason, message }];
};

/** For people and for other controllers to see; never part of Ready. */
const standingCondition = (standing: Standing | undefined): StatedCondition => {
  const type = 'Standing';
  if (standing === undefined) {
    const message = 'no context has said how the account stands';
    return { type, status: 'Unknown', reason: 'NothingHeard', message };
  }
  if (!standing.locked) {
    return { type, status: 'True', reason: 'AccountUnlocked', message: 'the account is in good standing' };
  }
  const why = standing.reasons.length === 0 ? '' : `: ${standing.reasons.join(', ')}`;
  const message = `the account is locked${why}; settle it in the subscriptions context`;
  return { type, status: 'False', reason: 'AccountLocked', message };
};

import { aggregate } from '../../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../../kit/event/published-language.ts';
import type { Account } from '../account/account.ts';
import type { subscriptions } from '../contract.ts';
import { accountClosed, planNotOffered, subscriptionNotFound } from '../errors.ts';
import { monthOf, nextMonth, startOf } from '../pricing/month.ts';
import type { PriceList } from '../pricing/price-list.ts';

/** What a customer wants of a subscription, by its permanent id. The operator decides. */
export type PlanChange = {
  readonly status: 'none' | 'scheduled' | 'requested' | 'refused';
  readonly subscriptionId: string;
  readonly plan: string;
  /** When it is to be asked for. */
  readonly due?: string;
  readonly reason?: string;
};
export type PlanChangeEvent =
  | EventOf<typeof subscriptions, 'plan-change'>
  | {
      readonly type: 'PlanChangeScheduled';
      readonly data: { readonly subscriptionId: string; readonly plan: string; readonly due: string };
    }
  | { readonly type: 'PlanChangeRefused'; readonly data: { readonly plan: string; readonly reason: string } };

const evolve = (state: PlanChange, event: PlanChangeEvent): PlanChange => {
  switch (event.type) {
    case 'PlanChangeScheduled':
      return { status: 'scheduled', ...event.data };
    case 'PlanChangeRequested': {
      const { subscriptionId, plan } = event.data;
      return { status: 'requested', subscriptionId, plan };
    }
    case 'PlanChangeRefused':
      return { ...state, status: 'refused', ...event.data };
  }
};

export const planChange = aggregate<PlanChange, PlanChangeEvent>({
  kind: 'plan-change',
  collection: 'plan-changes',
  initialState: () => ({ status: 'none', subscriptionId: '', plan: '' }),
  evolve,
  indexes: [{ 'state.status': 1, 'state.due': 1 }],
});

export type RequestChange = {
  readonly subscriptionId: string;
  readonly plan: string;
  readonly when: 'now' | 'next-period';
};

/** @throws DomainError when the subscription is not this account's or the plan is not to be had. */
export const requestChange = (
  { subscriptionId, plan, when }: RequestChange,
  states: { readonly account: Account; readonly prices: PriceList },
  now: string,
): PlanChangeEvent[] => {
  const { account, prices } = states;
  if (account.status === 'closed') throw accountClosed();
  const state = account.subscriptions[subscriptionId]?.state;
  if (state === undefined || state === 'Ended') throw subscriptionNotFound(subscriptionId);
  const listed = prices.plans[plan];
  const currency = listed?.versions.at(-1)?.prices?.currency;
  const isOther = currency !== undefined && account.currency !== undefined && currency !== account.currency;
  if (listed === undefined || listed.withdrawn || isOther) throw planNotOffered(plan);
  if (when === 'now') return [requested(subscriptionId, plan, now)];
  const due = startOf(nextMonth(monthOf(now)));
  return [{ type: 'PlanChangeScheduled', data: { subscriptionId, plan, due } }];
};

/** What was put off until its time. */
export const requestWhenDue = (state: PlanChange, now: string): PlanChangeEvent[] => {
  const isDue = state.due !== undefined && Date.parse(state.due) <= Date.parse(now);
  return state.status === 'scheduled' && isDue ? [requested(state.subscriptionId, state.plan, now)] : [];
};

/** The operator said no to what was asked last. */
export const refuse = (
  answer: { plan: string; reason: string } | undefined,
  state: PlanChange,
): PlanChangeEvent[] =>
  answer !== undefined && state.status === 'requested' && state.plan === answer.plan
    ? [{ type: 'PlanChangeRefused', data: answer }]
    : [];

const requested = (subscriptionId: string, plan: string, now: string): PlanChangeEvent => ({
  type: 'PlanChangeRequested',
  data: { subscriptionId, plan, requestedAt: now },
});

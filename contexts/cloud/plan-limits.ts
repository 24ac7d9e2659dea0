import { aggregate } from '../../kit/aggregate/aggregate.ts';

export type PlanLimitsEvent = { readonly type: 'LimitsSet'; readonly data: PlanLimits };

/** What the front door needs of a plan. Plans belong to the tenant `platform`; the id is the plan's name. */
export type PlanLimits = { readonly requestsPerSecond?: number };

export const planLimits = aggregate<PlanLimits, PlanLimitsEvent>({
  kind: 'plan-limits',
  collection: 'plan-limits',
  initialState: () => ({}),
  evolve: (_, { data }) => data,
});

import { aggregate } from '../../kit/aggregate/aggregate.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { subscriptions } from './upstream.ts';

/** The last request to move a subscription to another plan, and what became of it. */
export type PlanChange = {
  readonly plan: string;
  /** Id of the event that asked. */
  readonly request: string;
  readonly answer?: PlanChangeAnswer;
};

/** Empty when the plan was changed. */
export type PlanChangeAnswer = { readonly refusal?: { readonly reason: string; readonly message: string } };

type PlanChangeEvent =
  | { readonly type: 'PlanChangeAsked'; readonly data: { readonly plan: string; readonly request: string } }
  | { readonly type: 'PlanChangeAnswered'; readonly data: PlanChangeAnswer };

type State = PlanChange | { readonly request?: undefined };

const evolve = (state: State, event: PlanChangeEvent): State => {
  if (event.type === 'PlanChangeAsked') return event.data;
  return state.request === undefined ? state : { ...state, answer: event.data };
};

/** One per subscription, by its permanent id. */
export const planChange = aggregate<State, PlanChangeEvent>({
  kind: 'plan-change',
  collection: 'plan_changes',
  initialState: () => ({}),
  evolve,
});

/** A request that another one has overtaken needs no answer: the later one gets it. */
export const answerOf = (state: State, request: string, answer: PlanChangeAnswer): PlanChangeEvent[] =>
  state.request === request && state.answer === undefined
    ? [{ type: 'PlanChangeAnswered', data: answer }]
    : [];

const asked = (plan: string, request: string): PlanChangeEvent => ({
  type: 'PlanChangeAsked',
  data: { plan, request },
});

export const planChangeReactions = [
  reaction(subscriptions.events.PlanChangeRequested, {
    keys: ({ data }) => ({ change: planChange.key(data.subscriptionId) }),
    on: ({ id, data }) => ({ change: [asked(data.plan, id)] }),
  }),
];

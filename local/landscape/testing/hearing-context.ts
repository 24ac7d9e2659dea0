import { subscriptions } from '../../../contexts/subscriptions/contract.ts';
import { aggregate } from '../../../kit/aggregate/aggregate.ts';
import type { BoundedContext } from '../../../kit/context/context.ts';
import { type ReceivedEvent, reaction } from '../../../kit/inbox/reaction.ts';
import { platform } from '../../../operator/events/language.ts';

type HeardEvent = { readonly type: 'Heard'; readonly data: unknown };

/** The last that was heard of a subject. */
const heard = aggregate<{ readonly last?: unknown }, HeardEvent>({
  kind: 'heard',
  collection: 'heard',
  initialState: () => ({}),
  evolve: (_, { data }) => ({ last: data }),
});

const keys = ({ subject }: ReceivedEvent) => ({ heard: heard.key(subject) });
const on = ({ data }: ReceivedEvent) => ({ heard: [{ type: 'Heard', data } as const] });

const { PlanChanged, TenantProvisioned, SubscriptionChanged } = platform.events;

/** A small context of the platform in the place of subscriptions: it writes down what the platform tells. */
export const hearing: BoundedContext = {
  name: 'subscriptions',
  version: '0.1.0',
  scope: 'Platform',
  publishes: subscriptions,
  upstreams: [{ context: 'platform', relation: 'Conformist', start: 'snapshot', staleness: 'PT5S' }],
  aggregates: [heard],
  api: [],
  reactions: [
    reaction(PlanChanged, { keys, on }),
    reaction(TenantProvisioned, { keys, on }),
    reaction(SubscriptionChanged, { keys, on }),
  ],
};

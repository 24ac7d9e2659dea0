import type { BoundedContext } from '../../kit/context/context.ts';
import { consumerName, type MappedContext } from '../../kit/context-map/context-map.ts';
import { consumedTypes } from '../../kit/inbox/reaction.ts';
import { account, accountReactions } from './account.ts';
import { facts } from './facts.ts';
import { platform as language } from './language.ts';
import { planChange, planChangeReactions } from './plan-change.ts';

/** The operator as the other contexts see it. */
export const platform: BoundedContext = {
  name: language.context,
  version: '0.1.0',
  scope: 'Platform',
  publishes: language,
  upstreams: [
    { context: 'subscriptions', relation: 'CustomerSupplier', start: 'retained', staleness: 'PT5S' },
  ],
  aggregates: [facts.tenant, facts.subscription, facts.plan, account, planChange],
  api: [],
  reactions: [...accountReactions, ...planChangeReactions],
};

const place = { cell: 'platform', name: platform.name };

/** Names its database, its queue and its Redis keys. */
export const PLATFORM_CONSUMER = consumerName(place);

/** Its entry in the landscape's map, which the relay reads. */
export const platformInMap: MappedContext = {
  ...place,
  database: PLATFORM_CONSUMER,
  scope: 'Platform',
  upstreams: platform.upstreams.map(({ context, start }) => ({
    context,
    start,
    consumes: consumedTypes(platform.reactions, context).map(({ type, kind }) => ({ type, kind })),
  })),
};

import type { Db, MongoClient } from 'mongodb';
import { aggregate } from '../../kit/aggregate/aggregate.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import { PLATFORM_TENANT } from '../../kit/context-map/context-map.ts';
import { type PlanEvent, type PlatformEvent, platform } from './language.ts';

/** What is so about one subject now. */
export type Fact = {
  readonly about: keyof typeof platform.subjects;
  readonly tenant: string;
  /** Within its tenant and kind; never used for another. */
  readonly id: string;
  readonly event: PlatformEvent;
};

/** An effect of a controller: tells others what is so, unless they know. */
export type PublishFact = { readonly type: 'PublishFact'; readonly fact: Fact };

/**
 * The facts that the operator publishes.
 *
 * Guarantee: when `publish` resolves, the last event of the subject in the outbox says what the fact says. It commits
 * the fact and its event in one transaction and only where they differ from the last ones, so it may be
 * called any number of times, by two operators at once and after a crash at any point. Events of a subject have
 * the order of their commits. After the end of a subject (a tenant removed, a subscription ended) nothing follows,
 * so one who looks at an old cache cannot bring it back.
 */
export interface Facts {
  publish(fact: Fact): Promise<void>;
}

/** The last fact of a subject as JSON: it is compared as a whole, and may have any keys. */
type Told = { readonly last?: string };

const toldFacts = (kind: Fact['about']) =>
  aggregate<Told, PlatformEvent>({
    kind,
    collection: `${kind}_facts`,
    initialState: () => ({}),
    evolve: (_, event) => ({ last: JSON.stringify(event) }),
    snapshot: ({ last }) => (last === undefined ? undefined : JSON.parse(last)),
  });

/** By subject kind. */
export const facts = {
  tenant: toldFacts('tenant'),
  subscription: toldFacts('subscription'),
  plan: toldFacts('plan'),
};

export const mongoFacts = (client: MongoClient, db: Db): Facts => {
  const commands = mongoCommandHandler(client, db, platform);
  return {
    publish: async ({ about, tenant, id, event }) => {
      const told = normalized(event);
      const decide = (states: { fact: Told }) => ({ fact: differing(states.fact, told) });
      await commands.handle({ keys: { fact: facts[about].key(id) }, decide }, { tenant, cause: {} });
    },
  };
};

/** @returns the event if it is news. */
export const differing = ({ last }: Told, event: PlatformEvent): PlatformEvent[] => {
  if (last === undefined) return isBeginning(event) ? [event] : [];
  return last === JSON.stringify(event) || isEnd(JSON.parse(last)) ? [] : [event];
};

export const planFact = (event: PlanEvent): PublishFact => ({
  type: 'PublishFact',
  fact: { about: 'plan', tenant: PLATFORM_TENANT, id: event.data.plan, event },
});

export const isEnd = (event: PlatformEvent): boolean =>
  event.type === 'TenantRemoved' || (event.type === 'SubscriptionChanged' && event.data.state === 'Ended');

/** Nobody needs to hear of the end of what they never heard of, nor that it waits to begin. */
const isBeginning = (event: PlatformEvent): boolean => {
  if (event.type === 'PlanChanged') return !event.data.withdrawn;
  if (event.type !== 'SubscriptionChanged') return event.type === 'TenantProvisioned';
  return event.data.state !== 'Waiting' && event.data.state !== 'Ended';
};

/** In the order of the schema and without what is undefined, so that equal facts are equal as text. */
const normalized = (event: PlatformEvent): PlatformEvent => {
  const data = platform.events[event.type].schema.parse(event.data);
  return { type: event.type, data } as PlatformEvent;
};

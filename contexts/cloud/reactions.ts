import { PLATFORM_TENANT } from '../../kit/context-map/context-map.ts';
import { type EventType, reading } from '../../kit/event/published-language.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { platform } from '../../operator/events/language.ts';
import { subscriptions } from '../subscriptions/contract.ts';
import { type CredentialEvent, credential } from './credential.ts';
import { type CredentialOwnerEvent, credentialOwner } from './credential-owner.ts';
import { type PlanLimitsEvent, planLimits } from './plan-limits.ts';
import { ACCOUNT, type StandingEvent, standing } from './standing.ts';

const { KeyCreated, KeyRotated, KeyDisabled, KeyEnabled, KeyDeleted } = subscriptions.events;
const { UserDisabled, UserEnabled, AccountLocked, AccountUnlocked } = subscriptions.events;

type KeyNews = CredentialEvent['data'];
type UserNews = CredentialOwnerEvent['data'];

/** The credential folds what subscriptions says of the key, word for word. */
const onKey = (type: EventType) =>
  reaction(type, {
    keys: ({ data }) => ({ credential: credential.key((data as KeyNews).keyId) }),
    on: ({ data }) => ({ credential: [{ type: type.name, data } as CredentialEvent] }),
  });

const onUser = (type: EventType) =>
  reaction(type, {
    keys: ({ data }) => ({ owner: credentialOwner.key((data as UserNews).userId) }),
    on: ({ data }) => ({ owner: [{ type: type.name, data } as CredentialOwnerEvent] }),
  });

/** Events of the account, or of a subscription of it, change its standing. */
const changing = (event: StandingEvent): { standing: StandingEvent[] } => ({ standing: [event] });

const onAccountLocked = reaction(
  reading(AccountLocked, (locked) => locked.pick({ reasons: true })),
  {
    keys: () => ({ standing: standing.key(ACCOUNT) }),
    on: ({ data: { reasons } }) => changing({ type: 'Locked', data: { reasons } }),
  },
);

const onAccountUnlocked = reaction(
  reading(AccountUnlocked, (unlocked) => unlocked.pick({})),
  {
    keys: () => ({ standing: standing.key(ACCOUNT) }),
    on: () => changing({ type: 'Unlocked', data: {} }),
  },
);

const onSubscriptionChanged = reaction(
  reading(platform.events.SubscriptionChanged, (changed) =>
    changed.pick({ subscriptionId: true, plan: true, state: true }),
  ),
  {
    keys: () => ({ standing: standing.key(ACCOUNT) }),
    on: ({ data: { subscriptionId, plan, state }, time }) => {
      if (state === 'Ended') return changing({ type: 'Unsubscribed', data: { subscriptionId } });
      const isActive = state === 'Active';
      return changing({ type: 'Subscribed', data: { subscriptionId, plan, isActive, since: time } });
    },
  },
);

const onPlanChanged = reaction(
  reading(platform.events.PlanChanged, (changed) => changed.pick({ plan: true, quotas: true })),
  {
    keys: ({ data }) => ({ limits: planLimits.keyIn(PLATFORM_TENANT, data.plan) }),
    on: ({ data: { quotas } }) => ({ limits: [limitsSet(quotas.requestsPerSecond)] }),
  },
);

const limitsSet = (requestsPerSecond: number): PlanLimitsEvent => ({
  type: 'LimitsSet',
  data: { requestsPerSecond },
});

export const reactions = [
  ...[KeyCreated, KeyRotated, KeyDisabled, KeyEnabled, KeyDeleted].map(onKey),
  ...[UserDisabled, UserEnabled].map(onUser),
  onAccountLocked,
  onAccountUnlocked,
  onSubscriptionChanged,
  onPlanChanged,
];

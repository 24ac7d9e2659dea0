import type { Subscription } from '../api/subscription.ts';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { PublishFact } from '../events/facts.ts';
import type { SubscriptionEvent } from '../events/language.ts';

/** The permanent id of a subscription: never another one's, even when a name is used again. */
export const subscriptionIdOf = ({ metadata: { name, uid = '' } }: KubeObject): string =>
  `${name}-${uid.slice(0, 8)}`;

export type SubscriptionState = SubscriptionEvent['data']['state'];

type About = { readonly subscription: Subscription; readonly tenant: Tenant };
type Now = Pick<SubscriptionEvent['data'], 'state' | 'reason' | 'refusedChange'>;

/** What is so about a subscription now. */
export const subscriptionFact = ({ subscription, tenant }: About, now: Now): PublishFact => {
  const { metadata, spec } = subscription;
  const id = subscriptionIdOf(subscription);
  const data = {
    subscriptionId: id,
    name: metadata.name,
    tenantName: spec.tenant,
    plan: spec.plan,
    cell: tenant.status?.cell,
    ...now,
  };
  const event = { type: 'SubscriptionChanged', data } as const;
  return { type: 'PublishFact', fact: { about: 'subscription', tenant: tenantIdOf(tenant), id, event } };
};

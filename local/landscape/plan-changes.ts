import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { type Facts, facts as factsByKind } from '../../operator/events/facts.ts';
import type { SubscriptionEvent } from '../../operator/events/language.ts';
import type { News } from '../../operator/events/news.ts';
import type { PlanChange } from '../../operator/events/plan-change.ts';
import type { SamplePlans } from '../sample/plans.ts';

export type Answering = {
  readonly facts: Facts;
  readonly news: News;
  readonly plans: SamplePlans;
  /** The platform's own. */
  readonly db: Db;
  readonly logger: Logger;
};

export type PlanChanges = {
  /** Tells of a subscription, on the plan to which its customer has moved it since, and answers what is asked of it. */
  subscribe(subscription: SubscriptionEvent['data']): Promise<void>;
  stop(): void;
};

type Refusal = { readonly reason: string; readonly message: string };

/** A customer's request for another plan takes effect at once, where the operator would let it. */
export const answerPlanChanges = ({ facts, news, plans, db, logger }: Answering): PlanChanges => {
  const subscriptions = new Map<string, SubscriptionEvent['data']>();

  const answer = async (tenant: string, subscription: SubscriptionEvent['data']): Promise<void> => {
    const { subscriptionId } = subscription;
    const change = await news.planChangeOf(tenant, subscriptionId);
    if (change === undefined || change.answer !== undefined) return;
    const refusal = refusalOf(plans, subscription.plan, change);
    const data = changed(subscription, change, refusal);
    subscriptions.set(tenant, { ...subscription, plan: data.plan });
    await facts.publish(factOf(tenant, data));
    const answered = refusal === undefined ? {} : { refusal };
    await news.answer({ tenantId: tenant, subscriptionId, request: change.request, answer: answered });
  };

  const look = (tenant: string): void => {
    const subscription = subscriptions.get(tenant);
    if (subscription === undefined) return;
    answer(tenant, subscription).catch((error: unknown) =>
      logger.warn({ error, tenant }, 'a request for another plan waits for the next news of its tenant'),
    );
  };
  const stop = news.listen(look);
  return {
    subscribe: async (subscription) => {
      const tenant = subscription.tenantName;
      const last = await lastTold(db, tenant, subscription.subscriptionId);
      const now = last ?? subscription;
      await facts.publish(factOf(tenant, now));
      subscriptions.set(tenant, now);
      look(tenant);
    },
    stop,
  };
};

/** As the operator's checks of a Subscription have it. */
export const refusalOf = (plans: SamplePlans, now: string, { plan }: PlanChange): Refusal | undefined => {
  const wanted = plans.get(plan);
  if (wanted === undefined) return { reason: 'PlanMissing', message: `there is no plan ${plan}` };
  if (wanted.isolation === plans.get(now)?.isolation) return undefined;
  return {
    reason: 'MoveNotSupported',
    message: `tenants of the plan ${plan} have cells of another kind: make another tenant for it`,
  };
};

const changed = (
  subscription: SubscriptionEvent['data'],
  { plan }: PlanChange,
  refusal: Refusal | undefined,
): SubscriptionEvent['data'] => {
  const { refusedChange: _, ...rest } = subscription;
  return refusal === undefined
    ? { ...rest, plan }
    : { ...rest, refusedChange: { plan, reason: refusal.reason } };
};

const factOf = (tenant: string, data: SubscriptionEvent['data']) => ({
  about: 'subscription' as const,
  tenant,
  id: data.subscriptionId,
  event: { type: 'SubscriptionChanged', data } as const,
});

/** What this landscape said in a run before, where its data was kept. */
const lastTold = async (
  db: Db,
  tenant: string,
  id: string,
): Promise<SubscriptionEvent['data'] | undefined> => {
  const { collection } = factsByKind.subscription;
  const found = await db
    .collection<AggregateDocument<{ last?: string }>>(collection)
    .findOne({ _id: `${tenant}/${id}` });
  const last = found?.state.last;
  return last === undefined ? undefined : (JSON.parse(last) as SubscriptionEvent).data;
};

import { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { listen } from '../../kit/rest/server.ts';
import { createAdminApp, type Operation } from '../../kit/service/admin.ts';
import { MONGO_OPTIONS } from '../../kit/service/mongo-options.ts';
import { untilMongoAnswers } from '../../kit/service/until-mongo-answers.ts';
import { createMetrics } from '../../kit/telemetry/metrics.ts';
import type { PlanSpec } from '../../operator/api/plan.ts';
import { PLATFORM_CONSUMER } from '../../operator/events/context.ts';
import { type Facts, mongoFacts, planFact } from '../../operator/events/facts.ts';
import { platformOperations } from '../../operator/events/inbox.ts';
import type { SubscriptionEvent } from '../../operator/events/language.ts';
import { mongoNews } from '../../operator/events/news.ts';
import { startEvents } from '../../operator/events/start.ts';
import { type SamplePlans, samplePlans } from '../sample/plans.ts';
import { answerPlanChanges } from './plan-changes.ts';

export type LocalTenant = {
  /** Its permanent id and its name; also the name of its account. */
  readonly tenant: string;
  readonly displayName: string;
  readonly owner: string;
  /** By its name in the sample plans. */
  readonly plan: string;
};

export type PlatformFactsOptions = {
  readonly mongodbUri: string;
  readonly redisUrl: string;
  readonly logger: Logger;
  /** The cell of tenants. */
  readonly cell: string;
  /** Where contexts are, by their names. */
  readonly urls: Readonly<Record<string, string>>;
  /** The sample plans when absent. */
  readonly plans?: SamplePlans;
};

/** What the operator tells on a cluster, told by this process: plans, tenants and subscriptions. */
export interface PlatformFacts {
  /** Serves events, parked events and traces of the platform, as any context does. */
  readonly adminUrl: string;
  /** Resolves when it is written for those who ask. Telling the same again says nothing. */
  provision(tenant: LocalTenant): Promise<void>;
  stop(): Promise<void>;
}

/** Tells the plans, answers consumers that join, and hears the requests of customers for other plans. */
export const startPlatformFacts = async (options: PlatformFactsOptions): Promise<PlatformFacts> => {
  const { mongodbUri, redisUrl, logger } = options;
  const client = new MongoClient(mongodbUri, MONGO_OPTIONS);
  const db = client.db(PLATFORM_CONSUMER);
  await untilMongoAnswers(db, logger);
  const news = mongoNews(client, db);
  const events = await startEvents({ client, db, redisUrl, logger, news });
  const facts = mongoFacts(client, db);
  const plans = options.plans ?? (await samplePlans());
  for (const [name, spec] of plans) await publishPlan(facts, name, spec);
  const changes = answerPlanChanges({ facts, news, plans, db, logger });
  const stopping = new AbortController();
  const operations = platformOperations({ client, db, logger, signal: stopping.signal });
  const admin = await listen(adminApp(operations), { port: 0, host: '127.0.0.1' });
  return {
    adminUrl: `http://127.0.0.1:${admin.port}`,
    provision: async (tenant) => {
      await publishTenant(facts, tenant, options);
      await changes.subscribe(subscriptionOf(tenant, options.cell));
    },
    stop: async () => {
      stopping.abort();
      await admin.close();
      changes.stop();
      await events.stop();
      await client.close();
    },
  };
};

/** It is as live and as ready as the process that it is part of. */
const adminApp = (operations: readonly Operation[]) => {
  const fine = async () => undefined;
  const metrics = createMetrics({ context: PLATFORM_CONSUMER });
  return createAdminApp({ live: fine, ready: fine, metrics, operations });
};

const publishPlan = (facts: Facts, plan: string, spec: PlanSpec): Promise<void> =>
  facts.publish(planFact({ type: 'PlanChanged', data: { plan, ...spec, withdrawn: false } }).fact);

const publishTenant = (facts: Facts, local: LocalTenant, options: PlatformFactsOptions): Promise<void> => {
  const { tenant, displayName, owner } = local;
  const { cell, urls: endpoints } = options;
  const data = { tenantId: tenant, name: tenant, displayName, owner, suspended: false, cell, endpoints };
  const event = { type: 'TenantProvisioned', data } as const;
  return facts.publish({ about: 'tenant', tenant, id: tenant, event });
};

const subscriptionOf = ({ tenant, plan }: LocalTenant, cell: string): SubscriptionEvent['data'] => ({
  subscriptionId: `${tenant}-subscription`,
  name: `${tenant}-subscription`,
  tenantName: tenant,
  plan,
  cell,
  state: 'Active',
});

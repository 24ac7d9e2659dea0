import { z } from 'zod';
import { type EventOf, publishedLanguage } from '../../kit/event/published-language.ts';

const url = z.string();
const tenant = z.object({ tenantId: z.string(), name: z.string() });

/** What the operator tells the contexts. A fact is told again only when it differs from the last one of its subject. */
export const platform = publishedLanguage('platform', {
  tenant: {
    /** All contexts of the tenant have run at least once; told again when any of this changes. */
    TenantProvisioned: tenant.extend({
      displayName: z.string(),
      owner: z.string(),
      suspended: z.boolean(),
      cell: z.string(),
      /** URL within the cluster, by context. */
      endpoints: z.record(z.string(), url),
    }),
    /** The last fact about a tenant: its id is never used again. */
    TenantRemoved: tenant,
  },
  subscription: {
    SubscriptionChanged: z.object({
      subscriptionId: z.string(),
      name: z.string(),
      /** Name of the tenant's resource; its permanent id is the event's `tenant`. */
      tenantName: z.string(),
      plan: z.string(),
      cell: z.string().optional(),
      /** Waiting: for something that is missing. Refused: it cannot be. Ended is the last fact about it. */
      state: z.enum(['Active', 'Suspended', 'Waiting', 'Refused', 'Ended']),
      /** Why it waits or is refused, as in the condition Ready. */
      reason: z.string().optional(),
      /** The last plan-change-requested, if it was refused. */
      refusedChange: z.object({ plan: z.string(), reason: z.string() }).optional(),
    }),
  },
  plan: {
    /** Told of plans that are valid; of the platform's own tenant, so that everyone who asks gets it. */
    PlanChanged: z.object({
      plan: z.string(),
      displayName: z.string().optional(),
      contexts: z.array(z.string()),
      isolation: z.enum(['Pooled', 'Dedicated']),
      quotas: z.object({
        requestsPerSecond: z.int(),
        replicas: z.int(),
        cpu: z.string(),
        memory: z.string(),
        storage: z.string(),
      }),
      /** Amounts in minor units of the currency. */
      prices: z
        .object({
          currency: z.string(),
          basePerMonth: z.int(),
          perUnit: z.record(z.string(), z.int()),
          /** Units of each month that cost nothing, by meter. */
          included: z.record(z.string(), z.int()).optional(),
          trialDays: z.int().min(0).optional(),
        })
        .optional(),
      overdraft: z.object({ amount: z.int(), grace: z.string() }),
      /** It is being deleted: nobody new may subscribe. */
      withdrawn: z.boolean(),
    }),
  },
});

export type TenantEvent = EventOf<typeof platform, 'tenant'>;
export type SubscriptionEvent = EventOf<typeof platform, 'subscription'>;
export type PlanEvent = EventOf<typeof platform, 'plan'>;
export type PlatformEvent = TenantEvent | SubscriptionEvent | PlanEvent;

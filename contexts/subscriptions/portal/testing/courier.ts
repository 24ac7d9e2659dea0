import { pino } from 'pino';
import { padSequence } from '../../../../kit/event/cloud-event.ts';
import { eventId } from '../../../../kit/event/event-id.ts';
import type { EventType } from '../../../../kit/event/published-language.ts';
import { bullmqSender } from '../../../../kit/queue/bullmq-queue.ts';
import { platform } from '../../../../operator/events/language.ts';
import { cloud } from '../../../cloud/contract.ts';

export type Fact = {
  readonly type: EventType;
  readonly tenant: string;
  /** `usage/2026-11-23` */
  readonly subject: string;
  readonly time: string;
  readonly data: object;
};

/** In the place of the relay: hands facts of other contexts to the consumer's queue, in the order of their subjects. */
export interface Courier {
  /** Resolves when the consumer has committed what follows from them. */
  tell(facts: readonly Fact[]): Promise<void>;
  close(): Promise<void>;
}

export const courierTo = (redisUrl: string, consumer: string): Courier => {
  const acknowledged = new Map<number, () => void>();
  const logger = pino({ level: 'silent' });
  const sender = bullmqSender({ redisUrl, logger }, ({ n }) => acknowledged.get(n)?.());
  const following = sender.follow([consumer]);
  const sequences = new Map<string, number>();
  const textOf = ({ type, tenant, subject, time, data }: Fact): string => {
    const stream = `${type.context}/${tenant}/${subject}`;
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    return JSON.stringify({
      ...{ specversion: '1.0', id: eventId(), source: `/${type.context}`, type: type.type, subject, time },
      ...{ datacontenttype: 'application/json', tenant, sequence: padSequence(sequence), data },
    });
  };
  let n = 0;
  return {
    tell: async (facts) => {
      await following;
      n += 1;
      const taken = Promise.withResolvers<void>();
      acknowledged.set(n, taken.resolve);
      await sender.send(consumer, { v: 1, epoch: 1, n, events: facts.map(textOf) });
      await taken.promise;
    },
    close: () => sender.close(),
  };
};

type Plan = { readonly displayName: string; readonly basePerMonth: number; readonly requests: number };

export const planFact = (
  plan: string,
  { displayName, basePerMonth, requests }: Plan,
  time: string,
): Fact => ({
  type: platform.events.PlanChanged,
  tenant: 'platform',
  subject: `plan/${plan}`,
  time,
  data: {
    ...{ plan, displayName, withdrawn: false, overdraft: { amount: 50_000, grace: 'P3D' } },
    prices: {
      ...{ currency: 'EUR', basePerMonth },
      perUnit: { requests: 1, bytes: 0 },
      included: { requests },
    },
  },
});

export const tenantFact = (tenant: string, displayName: string, time: string): Fact => ({
  type: platform.events.TenantProvisioned,
  tenant,
  subject: `tenant/${tenant}`,
  time,
  data: { tenantId: tenant, name: tenant, displayName, owner: 'ada', suspended: false },
});

export const subscriptionFact = (tenant: string, plan: string, time: string): Fact => ({
  type: platform.events.SubscriptionChanged,
  tenant,
  subject: 'subscription/main',
  time,
  data: { subscriptionId: 'main', name: 'main', plan, state: 'Active' },
});

type Usage = { readonly from: string; readonly meter: string; readonly units: number };

export const usageFact = (tenant: string, { from, meter, units }: Usage): Fact => ({
  type: cloud.events.UsageRecorded,
  tenant,
  subject: `usage/${from.slice(0, 10)}`,
  time: from,
  data: { windowId: eventId(), meter, units, from, to: from, keys: [] },
});

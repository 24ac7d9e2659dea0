import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type CloudEvent, padSequence } from '../../../kit/event/cloud-event.ts';
import type { Batch } from '../../../kit/queue/queue.ts';

/** An event of the subscriptions context, as its outbox would hold it. */
export const aTold = (name: string, data: unknown, overrides: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: uuidv7(),
  source: '/subscriptions',
  type: `subscriptions.${name}.v1`,
  subject: 'account/one',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  tenant: 'acme-00000001',
  sequence: padSequence(1),
  data,
  ...overrides,
});

export const aRequest = (plan: string, overrides: Partial<CloudEvent> = {}): CloudEvent =>
  aTold(
    'plan-change-requested',
    { subscriptionId: 'acme-starter-00000002', plan },
    {
      subject: `plan-change/${randomUUID()}`,
      ...overrides,
    },
  );

let sent = 0;

export const aBatch = (...events: readonly CloudEvent[]): Batch => {
  sent += 1;
  return { v: 1, epoch: 1, n: sent, events, deliveries: 1 };
};

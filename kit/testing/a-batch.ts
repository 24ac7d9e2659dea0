import { v7 as uuidv7 } from 'uuid';
import { type CloudEvent, MARK_TYPE, padSequence } from '../event/cloud-event.ts';
import type { Batch } from '../queue/queue.ts';

/** A `Counted` event of the spec's counter, as its outbox would hold it. */
export const aCounted = (sequence: number, overrides: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: uuidv7(),
  source: '/counting',
  type: 'counting.counted.v1',
  subject: 'counter/one',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  tenant: 'acme',
  sequence: padSequence(sequence),
  data: { counter: (overrides.subject ?? 'counter/one').slice('counter/'.length), value: sequence },
  ...overrides,
});

export const aMark = (sequence: number, overrides: Partial<CloudEvent> = {}): CloudEvent =>
  aCounted(sequence, { type: MARK_TYPE, mark: 'now', data: null, ...overrides });

let sent = 0;

export const aBatch = (entries: readonly unknown[], overrides: Partial<Batch> = {}): Batch => {
  sent += 1;
  return {
    v: 1,
    epoch: 1,
    n: sent,
    events: JSON.parse(JSON.stringify(entries)),
    deliveries: 1,
    ...overrides,
  };
};

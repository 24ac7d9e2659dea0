import { Timestamp } from 'mongodb';
import { aCounted } from '../../kit/testing/a-batch.ts';
import type { Entry } from '../buffer.ts';
import type { OutboxEvent } from '../outbox-event.ts';

/** An event of the spec's counter. Its text is the CloudEvent that its fields name unless it is given. */
export const anEvent = (overrides: Partial<OutboxEvent> = {}): OutboxEvent => {
  const names = { tenant: 'acme', subject: 'counter/one', sequence: 1, type: 'counting.counted.v1' };
  const fields = { ...names, ...overrides };
  const { tenant, subject, sequence, type } = fields;
  const event = JSON.stringify(aCounted(sequence, { tenant, subject, type }));
  return {
    _id: `${tenant}/${subject}/${sequence}`,
    at: new Timestamp({ t: 1, i: 1 }),
    database: 'local-ordering',
    event,
    ...fields,
  };
};

/** @param plan its text, too, is the event's unless it is given */
export const anEntry = ({ event: overrides, ...plan }: EntryPlan = {}): Entry => {
  const event = anEvent({ ...overrides, ...(plan.text !== undefined && { event: plan.text }) });
  return { event, text: event.event, isBare: false, segment: { open: 0, end: undefined }, ...plan };
};

type EntryPlan = Partial<Omit<Entry, 'event'>> & { readonly event?: Partial<OutboxEvent> };

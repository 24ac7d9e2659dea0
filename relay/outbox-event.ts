import { Timestamp } from 'mongodb';
import { z } from 'zod';
import { type BareEvent, cloudEventSchema, type UnreadableEvent } from '../kit/event/cloud-event.ts';
import type { OutboxDocument } from '../kit/outbox/outbox.ts';

/** An event as the relay sees it: the fields that route it, and the text that it passes on. */
export type OutboxEvent = OutboxDocument & { readonly database: string };

/** @returns undefined for a document that does not say whose event it is. The kit writes no such one. */
export const outboxEvent = (document: OutboxDocument, database: string): OutboxEvent | undefined => {
  const { tenant, subject, sequence, type, at, event } = document;
  if (!(isText(tenant) && isText(subject) && isText(type) && isText(event))) return undefined;
  return Number.isSafeInteger(sequence) && at instanceof Timestamp ? { ...document, database } : undefined;
};

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What a consumer gets that follows the subject kind and did not ask for the type. */
export const bareText = (event: OutboxEvent): string => JSON.stringify(bare(event));

/**
 * The event's text, or, when it is no CloudEvent or not the one that its document names, a note of what is wrong,
 * which the consumer parks.
 */
export const checkedText = (event: OutboxEvent): string => {
  const unreadable = faultOf(event);
  if (unreadable === undefined) return event.event;
  const note: UnreadableEvent = { ...bare(event), unreadable };
  return JSON.stringify(note);
};

const bare = ({ type, tenant, subject, sequence }: OutboxEvent): BareEvent => {
  return { source: sourceOf(type), tenant, subject, sequence };
};

/** `ordering.order-placed.v1` → `ordering` */
const sourceOf = (type: string): string => type.slice(0, type.indexOf('.'));

const faultOf = ({ _id, event: text, ...document }: OutboxEvent): string | undefined => {
  const event = parsed(text);
  if (event instanceof Error) return `the text of ${_id} is no JSON: ${event.message}`;
  const { success, data, error } = cloudEventSchema.safeParse(event);
  if (!success) return `the text of ${_id} is no CloudEvent: ${z.prettifyError(error)}`;
  const isSame =
    data.tenant === document.tenant &&
    data.subject === document.subject &&
    data.type === document.type &&
    Number(data.sequence) === document.sequence;
  return isSame ? undefined : `the text of ${_id} is another event than its document names`;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
};

import { z } from 'zod';

/** UTF-8 bytes that an event may have as JSON; a larger one is refused when it is written. */
export const MAX_EVENT_BYTES = 1_000_000;

/** Digits of a sequence on the wire, zero-padded so that sequences sort as text (CloudEvents extension). */
export const SEQUENCE_DIGITS = 10;

export const padSequence = (sequence: number): string => String(sequence).padStart(SEQUENCE_DIGITS, '0');

/**
 * A join mark says where a consumer starts on a subject instead of reporting a fact: `now` and `retained`
 * carry a sequence alone, `snapshot` the subject's state at that sequence as well.
 */
export const START_MODES = ['now', 'retained', 'snapshot'] as const;
export type StartMode = (typeof START_MODES)[number];

/** The type of a mark without state. A snapshot has the type that its published language gives it. */
export const MARK_TYPE = 'cadastre.mark.v1';

/** CloudEvents 1.0 in JSON with the extensions that Cadastre relies on. */
export const cloudEventSchema = z.object({
  specversion: z.literal('1.0'),
  /** UUIDv7. */
  id: z.uuid(),
  /** `/ordering` */
  source: z.string().regex(/^\/[a-z][a-z0-9-]*$/),
  /** `ordering.order-placed.v1` */
  type: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/),
  /** `order/0199…`: what the event is about. */
  subject: z.string().regex(/^[a-z][a-z0-9-]*\/.+$/),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  /** The permanent id of the tenant; `platform` for the platform's own facts. */
  tenant: z.string().min(1),
  /** 1, 2, 3 … per tenant and subject, zero-padded; on a mark, the sequence that the consumer starts after. */
  sequence: z.string().regex(/^\d{10}$/),
  mark: z.enum(START_MODES).optional(),
  traceparent: z.string().optional(),
  correlationid: z.string().optional(),
  causationid: z.string().optional(),
  data: z.unknown(),
});
export type CloudEvent = z.infer<typeof cloudEventSchema>;

/** Of an event type that a consumer did not ask for it gets this much, so that no gap is ever final. */
export type BareEvent = {
  readonly source: string;
  readonly tenant: string;
  readonly subject: string;
  readonly sequence: number;
};

/** Of an outbox document whose text is no CloudEvent it gets this instead, to park. */
export type UnreadableEvent = BareEvent & { readonly unreadable: string };

/** Who caused an event, carried from a request or an earlier event to those that follow from it. */
export type Cause = {
  readonly traceparent?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
};

/** `order/0199…` → `order` */
export const kindOf = (subject: string): string => subject.slice(0, subject.indexOf('/'));

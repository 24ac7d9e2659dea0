import { SpanKind } from '@opentelemetry/api';
import type { CloudEvent } from '../kit/event/cloud-event.ts';
import type { BatchSender, OutgoingBatch } from '../kit/queue/queue.ts';
import { isTracing, openSpan } from '../kit/telemetry/open-span.ts';

/**
 * Shows the relay in the trace of each event: a span from here to Redis. Batches are parsed only where an
 * OpenTelemetry SDK is registered; the events themselves are passed on as they are.
 */
export const tracedSender = (next: BatchSender): BatchSender => ({
  ...next,
  send: async (consumer, batch) => {
    if (!isTracing()) return await next.send(consumer, batch);
    const spans = eventsOf(batch).map(({ type, traceparent }) =>
      openSpan(`relay ${type}`, {
        traceparent,
        kind: SpanKind.PRODUCER,
        attributes: { 'cadastre.consumer': consumer },
      }),
    );
    try {
      await next.send(consumer, batch);
    } finally {
      for (const span of spans) span.end();
    }
  },
});

const eventsOf = ({ events }: OutgoingBatch): CloudEvent[] => events.flatMap((text) => eventIn(text) ?? []);

/** A text that is no event is the consumer's to report. */
const eventIn = (text: string): CloudEvent | undefined => {
  try {
    const event = JSON.parse(text) as Partial<CloudEvent>;
    return event.specversion === '1.0' ? (event as CloudEvent) : undefined;
  } catch {
    return undefined;
  }
};

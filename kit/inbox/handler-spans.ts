import { SpanKind } from '@opentelemetry/api';
import type { CloudEvent } from '../event/cloud-event.ts';
import { isTracing, type OpenSpan, openSpan } from '../telemetry/open-span.ts';

/** One span per event that a batch handles, child of whatever led to the event, open until it is committed. */
export type HandlerSpans = {
  /** Opens the span of an event. @returns the traceparent of the events that follow from it. */
  open(event: CloudEvent): string | undefined;
  endAll(error?: unknown): void;
};

export const handlerSpans = (): HandlerSpans => (isTracing() ? recordedSpans() : NO_SPANS);

const NO_SPANS: HandlerSpans = { open: ({ traceparent }) => traceparent, endAll: () => undefined };

const recordedSpans = (): HandlerSpans => {
  const spans: OpenSpan[] = [];
  return {
    open: ({ type, subject, id, tenant, traceparent }) => {
      const attributes = {
        'messaging.message.id': id,
        'cloudevents.event_subject': subject,
        'cadastre.tenant': tenant,
      };
      const span = openSpan(`handle ${type}`, { traceparent, kind: SpanKind.CONSUMER, attributes });
      spans.push(span);
      return span.traceparent;
    },
    endAll: (error) => {
      for (const span of spans.splice(0)) span.end(error);
    },
  };
};

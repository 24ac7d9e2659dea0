import {
  type Attributes,
  ProxyTracerProvider,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { remoteParent } from './trace.ts';
import { formatTraceparent } from './traceparent.ts';

/** A span that stays open across other work, as events of a batch do until their transaction commits. */
export type OpenSpan = {
  /** What to hand on: the span's own where it is recorded, otherwise the given one. */
  readonly traceparent: string | undefined;
  end(error?: unknown): void;
};

/** Whether an OpenTelemetry SDK is registered at all: batches of thousands of events need not ask one by one. */
export const isTracing = (): boolean => {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('cadastre') !== undefined;
};

export const openSpan = (
  name: string,
  {
    traceparent,
    kind,
    attributes = {},
  }: { traceparent: string | undefined; kind: SpanKind; attributes?: Attributes },
): OpenSpan => {
  const span = trace.getTracer('cadastre').startSpan(name, { kind, attributes }, remoteParent(traceparent));
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: span.isRecording() ? formatTraceparent({ traceId, spanId, flags: traceFlags }) : traceparent,
    end: (error) => {
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      span.end();
    },
  };
};

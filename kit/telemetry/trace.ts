import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const TRACER = 'cadastre';

export type SpanOptions = {
  /** Where the work comes from: the header of a request, the extension of an event. */
  readonly traceparent?: string | undefined;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
};

/**
 * Runs `fn` within a span that continues `traceparent`, and gives it the traceparent to hand on: that of
 * the span where an OpenTelemetry SDK records it, otherwise the given one unchanged. Only the API is used:
 * without a registered SDK this costs a few hundred nanoseconds.
 *
 * @returns what `fn` returns.
 * @throws what `fn` throws, noted on the span.
 */
export const withSpan = async <Result>(
  name: string,
  { traceparent, kind, attributes }: SpanOptions,
  fn: (traceparent: string | undefined, span: Span) => Promise<Result> | Result,
): Promise<Result> => {
  const parent = remoteParent(traceparent);
  const span = trace.getTracer(TRACER).startSpan(name, spanOptions(kind, attributes), parent);
  if (!span.isRecording()) return fn(traceparent, span);
  try {
    return await context.with(trace.setSpan(parent, span), fn, undefined, traceparentOf(span), span);
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
};

/** The context in which a span has `traceparent` for its parent; a root where it is absent or malformed. */
export const remoteParent = (traceparent: string | undefined): Context => {
  const parsed = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (parsed === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parsed;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
};

const spanOptions = (kind: SpanKind | undefined, attributes: Attributes | undefined) => ({
  ...(kind === undefined ? {} : { kind }),
  ...(attributes === undefined ? {} : { attributes }),
});

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, flags: traceFlags });
};

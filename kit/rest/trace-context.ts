import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { withSpan } from '../telemetry/trace.ts';
import { newTraceparent, parseTraceparent } from '../telemetry/traceparent.ts';
import { isSaneId } from './request-id.ts';
import type { RestContext, RestMiddleware } from './state.ts';

/** Continues the caller's trace, or begins one, and says what events that follow from the request carry. */
export const traceContext = (): RestMiddleware => (ctx, next) => {
  const given = ctx.req.headers.traceparent;
  const traceparent = typeof given === 'string' && parseTraceparent(given) ? given : undefined;
  const correlationid = correlationOf(ctx);
  return withSpan(ctx.method, { traceparent, kind: SpanKind.SERVER }, async (own, span) => {
    // A trace that begins here has no parent: only where no SDK records do we name it ourselves.
    ctx.state.cause = { traceparent: own ?? newTraceparent(), correlationid };
    await next();
    if (span.isRecording()) describe(span, ctx);
  });
};

const correlationOf = (ctx: RestContext): string => {
  const given = ctx.req.headers['x-correlation-id'];
  return typeof given === 'string' && isSaneId(given) ? given : ctx.state.requestId;
};

const describe = (span: Span, { method, status, state }: RestContext): void => {
  if (state.route !== undefined)
    span.updateName(`${method} ${state.route}`).setAttribute('http.route', state.route);
  span.setAttributes({ 'http.request.method': method, 'http.response.status_code': status });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
};

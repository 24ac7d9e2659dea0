import type { Logger } from 'pino';
import type { RestMiddleware } from './state.ts';

/** One line per request at debug level, without bodies, headers or query: those can hold secrets. */
export const accessLog = (logger: Logger): RestMiddleware => {
  return async (ctx, next) => {
    if (!logger.isLevelEnabled('debug')) return next();
    const started = performance.now();
    await next();
    const ms = Math.round((performance.now() - started) * 1_000) / 1_000;
    const { requestId, tenant, cause } = ctx.state;
    const { method, path, status } = ctx;
    logger.debug(
      { requestId, tenant, method, path, status, ms, traceparent: cause.traceparent },
      'answered a request',
    );
  };
};

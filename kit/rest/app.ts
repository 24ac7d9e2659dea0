import Router from '@koa/router';
import Koa from 'koa';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { CommandHandler } from '../aggregate/command-handler.ts';
import type { Authenticate } from '../context/context.ts';
import { accessLog } from './access-log.ts';
import { handleRoute } from './handle-route.ts';
import { mongoIdempotencyKeys } from './idempotency-key.ts';
import { identify, nobody, type VerifyNow } from './identify.ts';
import { type Asks, openApi } from './openapi.ts';
import type { Statuses } from './problem.ts';
import { problemJson } from './problem-json.ts';
import { requestId } from './request-id.ts';
import { type Port, requestMetrics } from './request-metrics.ts';
import type { Route } from './route.ts';
import type { RestMiddleware, RestState } from './state.ts';
import { traceContext } from './trace-context.ts';
import { unrouted } from './unrouted.ts';

export type ApiContext = {
  readonly name: string;
  readonly version: string;
  readonly api: readonly Route[];
  readonly authenticate?: Authenticate;
};

export type AppDeps = {
  readonly context: ApiContext;
  readonly db: Db;
  readonly commands: CommandHandler;
  readonly logger: Logger;
  readonly metrics?: Registry;
  readonly errors: Statuses;
};

/** The HTTP API of a context. It never listens: `server.ts` does. */
export const createApp = (deps: AppDeps & { readonly verify: VerifyNow }): Koa<RestState> => {
  const { context, db, verify } = deps;
  const identifying = { context: context.name, db, authenticate: context.authenticate, verify };
  return appOf(deps, {
    port: 'api',
    asks: context.authenticate === undefined ? ['identity'] : ['identity', 'session'],
    identify: (route) => identify(route, identifying),
  });
};

/** The same for the platform's own people, who are let in by the port on which it is served, as nobody's tenant. */
export const createStaffApp = (deps: AppDeps): Koa<RestState> =>
  appOf(deps, { port: 'admin', asks: [], identify: () => nobody('staff') });

type Door = {
  readonly port: Port;
  readonly asks: readonly Asks[];
  readonly identify: (route: Route) => RestMiddleware;
};

const appOf = (deps: AppDeps, door: Door): Koa<RestState> => {
  refuseUnknownCodes(deps);
  const app = new Koa<RestState>();
  app.on('error', (error: unknown) =>
    deps.logger.debug({ err: error }, 'a connection ended before its answer'),
  );
  app.use(requestId());
  if (deps.metrics) app.use(requestMetrics(deps.metrics, door.port));
  app.use(accessLog(deps.logger));
  app.use(traceContext());
  app.use(problemJson(deps.errors, deps.logger));
  app.use(routes(deps, door));
  app.use(unrouted());
  return app;
};

const routes = ({ context, db, commands, errors }: AppDeps, door: Door): RestMiddleware => {
  const router = new Router<RestState>();
  router.get('/openapi.json', openApi(context, errors, door.asks));
  const deps = { db, commands, keys: mongoIdempotencyKeys(db) };
  for (const route of context.api) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router.register(
      path,
      [route.method],
      [named(route.path), door.identify(route), handleRoute(route, deps)],
    );
  }
  return router.routes() as unknown as RestMiddleware;
};

/** Before anybody is asked who they are, so that a refusal counts for the route. */
const named = (template: string): RestMiddleware => {
  return (ctx, next) => {
    ctx.state.route = template;
    return next();
  };
};

/** A refusal without a status would answer 500: better to fail when the process starts. */
const refuseUnknownCodes = ({ context, errors }: AppDeps): void => {
  for (const { method, path, refusals = [] } of context.api) {
    const unknown = refusals.filter((code) => errors[code] === undefined);
    if (unknown.length === 0) continue;
    throw new Error(
      `cannot serve ${method} ${path}: no status for ${unknown.join(', ')}; add it to the error table`,
    );
  }
};

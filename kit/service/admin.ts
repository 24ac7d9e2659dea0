import type { RequestListener } from 'node:http';
import Router from '@koa/router';
import Koa from 'koa';
import type { Registry } from 'prom-client';

/** A check that says what is wrong, or nothing. */
export type HealthCheck = () => Promise<string | undefined>;

export type AdminOptions = {
  readonly live: HealthCheck;
  readonly ready: HealthCheck;
  readonly metrics: Registry;
  /** More that an operator may ask, each answered with JSON: `GET /parked`, `POST /redrive`. */
  readonly operations?: readonly Operation[];
  /** Answers whatever is asked for beside that: a context's routes for the platform's own people. */
  readonly staff?: RequestListener | undefined;
};

export type Operation = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  run(query: Readonly<Record<string, string>>): Promise<unknown>;
};

/** An operator asked for something that is not there, or left something out. */
export class BadOperation extends Error {}

/**
 * The admin port's app: probes, metrics and what an operator does by hand. No Service exposes this port, so who
 * may use it is what Kubernetes' RBAC says of port-forward.
 */
export const createAdminApp = ({ live, ready, metrics, operations = [], staff }: AdminOptions): Koa => {
  const app = new Koa();
  const router = new Router();
  const probe = (check: HealthCheck) => async (ctx: Koa.Context) => {
    const fault = await check().catch((error: unknown) => String(error));
    ctx.status = fault === undefined ? 200 : 503;
    ctx.body = { status: fault === undefined ? 'ok' : 'failing', fault };
  };
  router.get('/livez', probe(live));
  router.get('/readyz', probe(ready));
  serveMetrics(router, metrics);
  for (const { method, path, run } of operations) {
    router.register(path, [method], async (ctx) => {
      ctx.body = await run(ctx.query as Record<string, string>).catch((error: unknown) => {
        ctx.status = error instanceof BadOperation ? 400 : 500;
        return { error: error instanceof Error ? error.message : String(error) };
      });
    });
  }
  app.use(router.routes());
  if (staff !== undefined) app.use(handOver(staff));
  return app;
};

const handOver = (listener: RequestListener): Koa.Middleware => {
  return (ctx) => {
    ctx.respond = false;
    ctx.res.statusCode = 200;
    listener(ctx.req, ctx.res);
  };
};

/**
 * The metrics and nothing else: whoever collects them need not be let in to the admin port, where events can be read
 * and discarded.
 */
export const createMetricsApp = (metrics: Registry): Koa => {
  const app = new Koa();
  const router = new Router();
  serveMetrics(router, metrics);
  app.use(router.routes());
  return app;
};

const serveMetrics = (router: Router, metrics: Registry): void => {
  router.get('/metrics', async (ctx) => {
    ctx.type = metrics.contentType;
    ctx.body = await metrics.metrics();
  });
};

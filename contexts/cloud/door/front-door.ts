import Koa from 'koa';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Problem } from '../../../kit/rest/problem.ts';
import { problemJson } from '../../../kit/rest/problem-json.ts';
import { requestId } from '../../../kit/rest/request-id.ts';
import { requestMetrics } from '../../../kit/rest/request-metrics.ts';
import { nothingThere, statuses } from '../errors.ts';
import { type Forwarding, forward } from '../forwarding/forward.ts';
import type { AccountRates } from '../rate/account-rates.ts';
import type { Replica } from '../replica/replica.ts';
import type { SigningKeys } from '../signing/signing-keys.ts';
import { authenticate } from './authenticate.ts';
import { lockout } from './lockout.ts';
import { rateLimit } from './rate-limit.ts';
import { showUsage, type UsageDeps } from './show-usage.ts';
import type { DoorMiddleware, DoorState } from './state.ts';
import { whoami } from './whoami.ts';

export type FrontDoorDeps = Forwarding &
  UsageDeps & {
    readonly replica: Replica;
    readonly rates: AccountRates;
    readonly keys: Pick<SigningKeys, 'jwks'>;
    readonly logger: Logger;
    readonly metrics?: Registry;
  };

/** The front door's app: who asks, whether they may, how often, and then where to. It never listens. */
export const createFrontDoor = (deps: FrontDoorDeps): Koa<DoorState> => {
  const { replica, rates, keys, logger, metrics } = deps;
  const app = new Koa<DoorState>();
  app.on('error', (error: unknown) => logger.debug({ err: error }, 'a connection ended before its answer'));
  app.use(requestId());
  if (metrics) app.use(requestMetrics(metrics));
  app.use(problemJson(statuses, logger, metrics && countRefusals(metrics)));
  app.use(jwks(keys));
  app.use(authenticate(replica));
  app.use(lockout(replica));
  app.use(rateLimit(rates, replica));
  app.use(routes(deps));
  return app;
};

const countRefusals = (metrics: Registry) => {
  const refusals = new Counter({
    name: 'cloud_refusals_total',
    help: 'Requests that were refused or failed, by code.',
    labelNames: ['code'] as const,
    registers: [metrics],
  });
  return ({ code }: Problem) => refusals.inc({ code });
};

/** The one thing that everyone may read: the public keys by which contexts verify our word. */
const jwks = (keys: Pick<SigningKeys, 'jwks'>): DoorMiddleware => {
  return (ctx, next) => {
    if (ctx.path !== '/.well-known/jwks.json') return next();
    ctx.set('Cache-Control', 'public, max-age=60');
    ctx.type = 'application/json';
    ctx.body = JSON.stringify(keys.jwks);
  };
};

const routes = (deps: FrontDoorDeps): DoorMiddleware => {
  const own: Record<string, DoorMiddleware> = {
    '/api/whoami': whoami(),
    '/api/usage': showUsage(deps),
  };
  const elsewhere = forward(deps);
  return (ctx, next) => {
    const mine = ctx.method === 'GET' ? own[ctx.path] : undefined;
    if (mine) return mine(ctx, next);
    if (!ctx.path.startsWith('/api/')) throw nothingThere();
    return elsewhere(ctx, next);
  };
};

// The front door's app without those of its wrappers that ask who is there: whoami answers for the same one every time.
import Koa from 'koa';
import { pino } from 'pino';
import type { DoorState } from '../../contexts/cloud/door/state.ts';
import { whoami } from '../../contexts/cloud/door/whoami.ts';
import { statuses } from '../../contexts/cloud/errors.ts';
import { problemJson } from '../../kit/rest/problem-json.ts';
import { requestId } from '../../kit/rest/request-id.ts';
import { requestMetrics } from '../../kit/rest/request-metrics.ts';
import { createMetrics } from '../../kit/telemetry/metrics.ts';
import { serveStandIn } from './stand-in.ts';

const caller = {
  tenant: 'edge',
  userId: 'user-0',
  keyId: 'key-0',
  scopes: ['*'],
  isDisabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
};

const app = new Koa<DoorState>();
app.use(requestId());
app.use(requestMetrics(createMetrics({ context: 'cloud' })));
app.use(problemJson(statuses, pino({ level: 'silent' })));
app.use((ctx, next) => {
  ctx.state.caller = caller;
  return next();
});
app.use(whoami());
await serveStandIn(() => app.callback());

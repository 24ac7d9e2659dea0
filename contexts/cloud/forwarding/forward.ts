import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Histogram, type Registry } from 'prom-client';
import type { Dispatcher } from 'undici';
import { requireScope } from '../door/require-scope.ts';
import type { DoorContext, DoorMiddleware } from '../door/state.ts';
import { contextNotFound, contextUnreachable, nothingThere, pathAmbiguous } from '../errors.ts';
import type { Count, Meter } from '../metering/groups.ts';
import { meterBytes } from '../metering/meter-bytes.ts';
import { reportedUsage, USAGE_HEADER } from '../metering/reported-usage.ts';
import type { SignIdentity } from '../signing/sign-identity.ts';
import { type Answer, type Asking, askContext } from './ask-context.ts';
import { answeredHeaders, askedHeaders } from './forwarded-headers.ts';
import type { Place } from './where.ts';

export type Forwarding = {
  readonly agent: Dispatcher;
  readonly sign: SignIdentity;
  readonly meter: Meter;
  readonly place: (tenant: string, context: string) => Place | undefined;
  readonly metrics?: Registry;
};

/** Passes `/api/<context>/…` to that context with a signed identity, and meters what it answers before it leaves. */
export const forward = (forwarding: Forwarding): DoorMiddleware => {
  const ask = forwarding.metrics ? timed(forwarding.metrics) : askContext;
  return async (ctx) => {
    const answer = await ask(await askingOf(forwarding, ctx));
    await pass(forwarding.meter, ctx, answer);
  };
};

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

const timed = (metrics: Registry): typeof askContext => {
  const seconds = new Histogram({
    name: 'cloud_context_seconds',
    help: 'Seconds that a context took to answer, or to fail; of a long answer, its head.',
    labelNames: ['context'] as const,
    buckets: BUCKETS,
    registers: [metrics],
  });
  return async (asking) => {
    const started = performance.now();
    try {
      return await askContext(asking);
    } finally {
      seconds.observe({ context: asking.context }, (performance.now() - started) / 1_000);
    }
  };
};

const PATH = /^\/api\/([a-z][a-z0-9-]*)(\/.*)?$/;
/** `.` or `..` between slashes, however written: each reader of a URL resolves those, or not, in its own way. */
const DOTS = /[/\\](\.|%2e){1,2}([/\\]|$)/i;

const askingOf = async ({ agent, place, sign }: Forwarding, ctx: DoorContext): Promise<Asking> => {
  const { req, res, method, path: asked } = ctx;
  const [, context, path = '/'] = PATH.exec(asked) ?? [];
  if (context === undefined) throw nothingThere();
  const { caller, requestId } = ctx.state;
  requireScope(context, method, caller.scopes);
  if (DOTS.test(path)) throw pathAmbiguous();
  const found = place(caller.tenant, context);
  if (found === undefined) throw contextNotFound(context);
  if (found.origin === undefined) throw contextUnreachable(context);
  ctx.state.route = `/api/${context}`;
  const request = {
    origin: found.origin,
    path: found.base + path + ctx.search,
    method: method as Dispatcher.HttpMethod,
    headers: askedHeaders(req.headers, {
      authorization: `Bearer ${await sign(caller, context)}`,
      'x-request-id': requestId,
    }),
    body: hasNoBody(req) ? null : req,
  };
  return { agent, context, request, client: res };
};

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

/** Everything that is owed at that time is committed before the head leaves. */
const pass = async (meter: Meter, ctx: DoorContext, answer: Answer): Promise<void> => {
  const { body } = answer;
  const counts = countsOf(ctx, answer);
  if (!(body instanceof Readable)) {
    await meter.count(counts);
    sendHead(ctx, answer);
    // As a string it leaves in one write with the head; as a buffer it would cost a second one.
    ctx.res.end(body.toString('latin1'), 'latin1');
    return;
  }
  await meter.count(counts).catch((error: unknown) => {
    body.destroy();
    throw error;
  });
  sendHead(ctx, answer);
  const { tenant } = ctx.state.caller;
  const metered = meterBytes((units) => meter.count([{ tenant, meter: 'bytes', units }]));
  // What breaks now breaks the connection: the head has left.
  await pipeline(body, metered, ctx.res).catch((error: unknown) => ctx.app.emit('error', error, ctx));
};

/** The request, what the context reports, and the body where it is known already. */
const countsOf = (ctx: DoorContext, { headers, body }: Answer): Count[] => {
  const { tenant, keyId: key } = ctx.state.caller;
  const counts: Count[] = [{ tenant, meter: 'requests', units: 1, key }];
  for (const { meter, units } of reportedUsage(headers[USAGE_HEADER])) counts.push({ tenant, meter, units });
  if (!(body instanceof Readable) && body.length > 0)
    counts.push({ tenant, meter: 'bytes', units: body.length });
  return counts;
};

const sendHead = (ctx: DoorContext, { status, headers }: Answer): void => {
  ctx.respond = false;
  ctx.res.statusCode = status;
  const passed = answeredHeaders(headers);
  for (const name in passed) ctx.res.setHeader(name, passed[name] ?? '');
};

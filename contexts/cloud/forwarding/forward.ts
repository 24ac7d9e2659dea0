import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, errors } from 'undici';
import { requireScope } from '../door/require-scope.ts';
import type { DoorContext, DoorMiddleware } from '../door/state.ts';
import { contextFailed, contextNotFound, contextTooSlow, contextUnreachable } from '../errors.ts';
import type { Count, Meter } from '../metering/groups.ts';
import { meterBytes } from '../metering/meter-bytes.ts';
import { reportedUsage, USAGE_HEADER } from '../metering/reported-usage.ts';
import type { SignIdentity } from '../signing/sign-identity.ts';
import { answeredHeaders, askedHeaders } from './forwarded-headers.ts';
import type { Place } from './where.ts';

export type Forwarding = {
  readonly agent: Dispatcher;
  readonly sign: SignIdentity;
  readonly meter: Meter;
  readonly place: (tenant: string, context: string) => Place | undefined;
};

/** An answer up to this length is read before its head leaves, so that its bytes go with the group of the request. */
const SMALL_BYTES = 65_536;
const PATH = /^\/api\/([a-z][a-z0-9-]*)(\/.*)?$/;

/** Passes `/api/<context>/…` to that context with a signed identity, and meters what it answers before it leaves. */
export const forward = (forwarding: Forwarding): DoorMiddleware => {
  return async (ctx) => {
    const asked = askedOf(ctx, forwarding);
    const answer = await ask(forwarding, ctx, asked);
    await pass(forwarding, ctx, { ...asked, answer });
  };
};

type Asked = { readonly context: string; readonly url: string; readonly path: string };

const askedOf = (ctx: DoorContext, { place }: Forwarding): Asked => {
  const [, context = '', path = '/'] = PATH.exec(ctx.path) ?? [];
  const { caller } = ctx.state;
  requireScope(context, ctx.method, caller.scopes);
  const found = place(caller.tenant, context);
  if (found === undefined) throw contextNotFound(context);
  if (found.url === undefined) throw contextUnreachable(context);
  ctx.state.route = `/api/${context}`;
  return { context, url: found.url, path: path + ctx.search };
};

const ask = async ({ agent, sign }: Forwarding, ctx: DoorContext, { context, url, path }: Asked) => {
  const token = await sign(ctx.state.caller, context);
  const { origin, pathname } = new URL(url);
  const isBodiless = hasNoBody(ctx.req);
  const request = {
    origin,
    path: pathname === '/' ? path : pathname + path,
    method: ctx.method as Dispatcher.HttpMethod,
    headers: askedHeaders(ctx.req.headers, {
      authorization: `Bearer ${token}`,
      'x-request-id': ctx.state.requestId,
    }),
    body: isBodiless ? null : ctx.req,
  };
  try {
    return await agent.request(request).catch((error: unknown) => {
      // A kept connection that the context closed at that moment; what only reads may be asked again.
      if (!(isBodiless && SAFE.has(ctx.method) && error instanceof errors.SocketError)) throw error;
      return agent.request(request);
    });
  } catch (error) {
    throw failureOf(context, error);
  }
};

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

type Answered = Asked & { readonly answer: Dispatcher.ResponseData };

/** Everything that is owed at that time is committed before the head leaves. */
const pass = async (
  { meter }: Forwarding,
  ctx: DoorContext,
  { context, answer }: Answered,
): Promise<void> => {
  const { tenant, keyId } = ctx.state.caller;
  const own = (meterName: string, units: number): Count => ({ tenant, meter: meterName, units });
  const reported = reportedUsage(one(answer.headers[USAGE_HEADER])).map(({ meter: name, units }) =>
    own(name, units),
  );
  const counts = [{ ...own('requests', 1), key: keyId }, ...reported];
  const length = Number(one(answer.headers['content-length']) ?? Number.NaN);
  if (length <= SMALL_BYTES || ctx.method === 'HEAD') {
    const body = Buffer.from(await answer.body.arrayBuffer().catch((error) => breakOff(context, error)));
    if (body.length > 0) counts.push(own('bytes', body.length));
    await meter.count(counts);
    sendHead(ctx, answer);
    ctx.res.end(body);
    return;
  }
  await meter.count(counts).catch((error: unknown) => {
    answer.body.destroy();
    throw error;
  });
  sendHead(ctx, answer);
  const metered = meterBytes((bytes) => meter.count([own('bytes', bytes)]));
  // What breaks now breaks the connection: the head has left.
  await pipeline(answer.body, metered, ctx.res).catch((error: unknown) => ctx.app.emit('error', error, ctx));
};

const sendHead = (ctx: DoorContext, { statusCode, headers }: Dispatcher.ResponseData): void => {
  ctx.respond = false;
  ctx.status = statusCode;
  for (const [name, value] of Object.entries(answeredHeaders(headers))) ctx.res.setHeader(name, value);
};

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;

const breakOff = (context: string, error: unknown): never => {
  throw failureOf(context, error);
};

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const failureOf = (context: string, error: unknown): Error => {
  const code = String((error as { code?: unknown }).code);
  if (UNREACHABLE.has(code) || code === 'UND_ERR_CONNECT_TIMEOUT') return contextUnreachable(context, error);
  return SLOW.has(code) ? contextTooSlow(context, error) : contextFailed(context, error);
};

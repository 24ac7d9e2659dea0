import type { Db } from 'mongodb';
import type { CommandHandler } from '../aggregate/command-handler.ts';
import {
  type AlsoCommit,
  type IdempotencyKeys,
  parseIdempotencyKey,
  refuseIdempotencyKey,
} from './idempotency-key.ts';
import { parseInput } from './input.ts';
import { jsonBody } from './json-body.ts';
import { readBody } from './read-body.ts';
import type { ApiRequest, Route } from './route.ts';
import { type SentAnswer, send, toSent } from './sent-answer.ts';
import type { RestContext, RestMiddleware } from './state.ts';

export type RouteDeps = {
  readonly db: Db;
  readonly commands: CommandHandler;
  readonly keys: IdempotencyKeys;
};

/** Parse, call, map: everything that a route's own code need not know of HTTP. */
export const handleRoute = (route: Route, deps: RouteDeps): RestMiddleware => {
  const takesBody = route.method === 'POST' || route.method === 'PUT';
  return async (ctx) => {
    const now = new Date();
    const rawBody = takesBody ? await readBody(ctx.req) : NO_BODY;
    const request = requestOf(route, { ctx, rawBody, now });
    send(ctx, await answerOf({ route, deps, ctx, rawBody, request }));
  };
};

const NO_BODY = Buffer.alloc(0);

/** The router's part of the context, which koa's own type does not have. */
type Routed = RestContext & { readonly params: Record<string, string> };
type Received = { readonly ctx: RestContext; readonly rawBody: Buffer; readonly now: Date };

const requestOf = (route: Route, { ctx, rawBody, now }: Received): ApiRequest => ({
  tenant: ctx.state.tenant,
  identity: ctx.state.identity,
  params: parseInput(route.params, (ctx as Routed).params, 'params'),
  query: route.query && parseInput(route.query, { ...ctx.query }, 'query'),
  body: parseInput(route.body, jsonBody(ctx.req, rawBody), isSecret(route) ? 'secret body' : 'body'),
  headers: ctx.req.headers,
  connection: ctx.req.socket.remoteAddress,
  now,
});

const isSecret = (route: Route): boolean => route.does === 'command' && route.holdsSecret === true;

type Asked = {
  readonly route: Route;
  readonly deps: RouteDeps;
  readonly ctx: RestContext;
  readonly rawBody: Buffer;
  readonly request: ApiRequest;
};

const answerOf = async ({ route, deps, ctx, rawBody, request }: Asked): Promise<SentAnswer> => {
  if (route.does === 'query') return toSent(await route.read(request, deps.db), route.produces);
  if (route.holdsSecret) refuseIdempotencyKey(ctx.req.headers['idempotency-key']);
  const call = await route.command(request, deps.db);
  const { cause, actor } = ctx.state;
  const tenant = call.tenant ?? ctx.state.tenant;
  if (tenant === '') throw new Error(`${route.method} ${route.path} says in its call for no tenant`);
  const context = { tenant, cause, ...(actor !== undefined && { actor }) };
  const key = route.method === 'POST' ? parseIdempotencyKey(ctx.req.headers['idempotency-key']) : undefined;
  if (key === undefined) return toSent(call.answer(await deps.commands.handle(call, context)));
  const keyed = { tenant, route: `POST ${route.path}`, key, url: ctx.originalUrl, rawBody };
  return deps.keys.once(keyed, async (alsoCommit: AlsoCommit) => {
    let answer: SentAnswer | undefined;
    const states = await deps.commands.handle(call, {
      ...context,
      alsoCommit: (session, after) => {
        answer = toSent(call.answer(after));
        return alsoCommit(session, answer);
      },
    });
    return answer ?? toSent(call.answer(states));
  });
};

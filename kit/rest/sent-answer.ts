import type { ApiAnswer, Route } from './route.ts';
import type { RestContext } from './state.ts';

/** An answer as it goes over the wire; also what an idempotency key keeps, so that a replay has the same bytes. */
export type SentAnswer = {
  readonly status: number;
  /** JSON text, or text of the type that the route produces; empty where there is no body. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

const CONTENT_TYPE = 'content-type';

/** @param type of a body that is a text as it stands; JSON when absent. */
export const toSent = ({ status, body, headers = {} }: ApiAnswer, type?: Route['produces']): SentAnswer => {
  if (type === undefined) return { status, body: body === undefined ? '' : JSON.stringify(body), headers };
  return { status, body: String(body), headers: { ...headers, [CONTENT_TYPE]: `${type}; charset=utf-8` } };
};

export const send = (ctx: RestContext, { status, body, headers }: SentAnswer): void => {
  ctx.status = status;
  for (const name in headers) ctx.set(name, headers[name] ?? '');
  if (body === '') {
    ctx.body = null;
    return;
  }
  // Set before the body, so that koa need not guess a type from the text.
  if (!(CONTENT_TYPE in headers)) ctx.res.setHeader('Content-Type', 'application/json; charset=utf-8');
  ctx.body = body;
};

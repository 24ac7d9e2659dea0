import { told } from './connection.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** `code` is that of the problem (RFC 9457); `unreachable` and `unavailable` when nobody took the request. */
export class RequestFailed extends Error {
  override name = 'RequestFailed';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const AWAY = new Set([502, 503, 504]);

const problemOf = async (response: Response): Promise<RequestFailed> => {
  const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const fallback = AWAY.has(response.status)
    ? 'The service is not available at the moment. Try again later.'
    : `The request was refused (${response.status}).`;
  return new RequestFailed(response.status, body.code ?? 'unavailable', body.detail ?? fallback);
};

const unreachable = (): RequestFailed =>
  new RequestFailed(0, 'unreachable', 'The service cannot be reached. Check the connection and try again.');

/** Same origin alone: the session's cookie is sent, and the header shows that no other site's form asks. */
const send = (method: Method, path: string, body?: unknown): Promise<Response> =>
  fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-requested-with': 'portal' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const answerOf = async <Answer>(response: Response): Promise<Answer> => {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
};

/** Nobody took it: no answer at all, or one of a proxy or of a service that is starting or ending. */
const wasTaken = (response: Response | undefined): response is Response =>
  response !== undefined && !AWAY.has(response.status);

const ask = async <Answer>(method: Method, path: string, body?: unknown): Promise<Answer> => {
  const response = await send(method, path, body).catch(() => undefined);
  told(method === 'GET' ? 'reads' : 'commands', wasTaken(response));
  if (!response) throw unreachable();
  if (!response.ok) throw await problemOf(response);
  return answerOf<Answer>(response);
};

/** @throws RequestFailed */
export const read = <Answer>(path: string): Promise<Answer> => ask<Answer>('GET', path);

/** @throws RequestFailed */
export const command = <Answer>(method: Exclude<Method, 'GET'>, path: string, body?: unknown) =>
  ask<Answer>(method, path, body);

export const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : 'Something went wrong on this page. Load it again.';

export const isSignedOut = (failure: unknown): boolean =>
  failure instanceof RequestFailed && failure.status === 401;

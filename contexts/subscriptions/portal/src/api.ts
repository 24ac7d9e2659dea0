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
/** Longer than the service waits for its database. */
const PATIENCE_MS = 12_000;

const problemOf = async (response: Response): Promise<RequestFailed> => {
  const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const fallback = AWAY.has(response.status)
    ? 'The service is not available at the moment.'
    : `The request was refused (${response.status}).`;
  return new RequestFailed(response.status, body.code ?? 'unavailable', sentence(body.detail ?? fallback));
};

/** Details begin in lower case and end without a full stop. */
const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
};

const unreachable = (): RequestFailed =>
  new RequestFailed(0, 'unreachable', 'The service cannot be reached. Check the connection.');

export type Sending = {
  readonly body?: unknown;
  /** Sent again with the same key, a command takes effect once. */
  readonly idempotencyKey?: string;
};

/** Same origin alone: the session's cookie is sent, and the header shows that no other site's form asks. */
const send = (method: Method, path: string, { body, idempotencyKey }: Sending): Promise<Response> =>
  fetch(path, {
    method,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-requested-with': 'portal' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
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

const ask = async <Answer>(method: Method, path: string, sending: Sending): Promise<Answer> => {
  const response = await send(method, path, sending).catch(() => undefined);
  told(method === 'GET' ? 'reads' : 'commands', wasTaken(response));
  if (!response) throw unreachable();
  if (!response.ok) throw await problemOf(response);
  return answerOf<Answer>(response);
};

/** @throws RequestFailed */
export const read = <Answer>(path: string): Promise<Answer> => ask<Answer>('GET', path, {});

/** @throws RequestFailed */
export const command = <Answer>(method: Exclude<Method, 'GET'>, path: string, sending: Sending = {}) =>
  ask<Answer>(method, path, sending);

/** Writes, so its being taken shows that commands are; and does no harm, so that it can be sent at any time. */
export const stayHere = (): Promise<void> => command<void>('PUT', '/v1/sessions/current');

export const isSignedOut = (failure: unknown): boolean =>
  failure instanceof RequestFailed && failure.status === 401;

/** Nobody knows whether it took effect. */
const isUncertain = (failure: unknown): boolean =>
  failure instanceof RequestFailed && (failure.status === 0 || AWAY.has(failure.status));

/** `whenUncertain` is said as well where what was asked may have been done. */
export const messageOf = (failure: unknown, whenUncertain = ''): string => {
  const message =
    failure instanceof Error ? failure.message : 'Something went wrong on this page. Load it again.';
  return isUncertain(failure) ? `${message} ${whenUncertain}`.trimEnd() : message;
};

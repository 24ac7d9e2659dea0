import type { IncomingMessage } from 'node:http';
import { ApiError, ConnectionLost } from './api-error.ts';
import type { ClientMetrics } from './client-metrics.ts';
import type { Access } from './credentials.ts';
import { type Cut, cutOff, orCut, send, textOf } from './exchange.ts';
import type { KubeRequest } from './kube-client.ts';
import { pathParts } from './path-parts.ts';
import { refusal } from './refusal.ts';
import { urlOf } from './url-of.ts';

export type Attempted = {
  readonly request: KubeRequest;
  readonly isWatch: boolean;
  /** JSON. */
  readonly body: string | undefined;
  readonly access: Promise<Access>;
};

/** Takes over the duty to release `cut`. */
export type Reader<R> = (answer: IncomingMessage, cut: Cut) => Promise<R>;

export type AttemptOptions = {
  readonly server: string;
  readonly userAgent: string;
  readonly metrics: ClientMetrics;
  readonly closing: AbortSignal;
};

const TIMEOUT_MS = 30_000;

const wordsOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses that refuse are an AggregateError without a message.
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
};

const outcomeOf = (error: unknown): string => {
  if (error instanceof ApiError) return String(error.status);
  return error instanceof ConnectionLost ? 'lost' : 'cancelled';
};

/** What a request rejects with: an ApiError, the reason of the caller's signal, else ConnectionLost. */
export const failureOf = (cause: unknown, { method, path, signal }: KubeRequest): unknown => {
  if (cause instanceof ApiError) return cause;
  if (signal?.aborted) return signal.reason;
  return new ConnectionLost(`${method} ${path}: ${wordsOf(cause)}`, { cause });
};

/** Makes one request once. @throws ApiError, ConnectionLost, the reason of the caller's signal. */
export const attempts = ({ server, userAgent, metrics, closing }: AttemptOptions) => {
  const answerTo = async (
    { request, isWatch, body, access }: Attempted,
    cut: Cut,
  ): Promise<IncomingMessage> => {
    const { headers: credentials, agents } = await orCut(access, cut);
    const headers = {
      ...credentials,
      Accept: 'application/json',
      'User-Agent': userAgent,
      ...(body !== undefined && {
        'Content-Type': request.contentType ?? 'application/json',
        'Content-Length': Buffer.byteLength(body),
      }),
    };
    const agent = isWatch ? agents.watches : agents.requests;
    const options = { method: request.method, headers, agent };
    const answer = await send({ url: urlOf(server, request), options, body }, cut.signal);
    const status = answer.statusCode ?? 0;
    if (status < 400) return answer;
    throw refusal(request, { status, headers: answer.headers, text: await textOf(answer) });
  };

  return async <R>(attempted: Attempted, read: Reader<R>): Promise<R> => {
    const { request, isWatch } = attempted;
    const { resource, subresource } = pathParts(request.path);
    const labels = {
      method: isWatch ? 'WATCH' : request.method,
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    };
    const stopTimer = metrics.seconds.startTimer(labels);
    const cut = cutOff(
      request.signal ? [request.signal, closing] : [closing],
      request.timeoutMs ?? TIMEOUT_MS,
    );
    try {
      const answer = await answerTo(attempted, cut);
      const result = await read(answer, cut);
      metrics.requests.inc({ ...labels, code: String(answer.statusCode) });
      return result;
    } catch (cause) {
      cut.release();
      const error = failureOf(cause, request);
      metrics.requests.inc({ ...labels, code: outcomeOf(error) });
      throw error;
    } finally {
      stopTimer();
    }
  };
};

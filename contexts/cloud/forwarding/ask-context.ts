import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Dispatcher, errors } from 'undici';
import { clientGone, contextFailed, contextTooSlow, contextUnreachable, Refused } from '../errors.ts';

/** What a context answers: its body whole where it is short, else as it comes. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | Readable;
};

export type Asking = {
  readonly agent: Dispatcher;
  readonly context: string;
  readonly request: Dispatcher.DispatchOptions;
  /** Who waits: when that connection closes the context is let go, too. */
  readonly client: ServerResponse;
};

/** An answer up to this length is read before its head leaves, so that its bytes go with the group of the request. */
const SHORT_BYTES = 65_536;

/**
 * Asks a context, over a kept connection. What only reads is asked again where that connection broke.
 *
 * @throws Refused, 502, 503 or 504, or that the client has gone.
 */
export const askContext = async (asking: Asking): Promise<Answer> => {
  try {
    return await askOnce(asking).catch((error: unknown) => {
      // The context closed a kept connection at that moment.
      if (!(isHarmless(asking.request) && error instanceof errors.SocketError)) throw error;
      return askOnce(asking);
    });
  } catch (error) {
    throw failureOf(asking.context, error);
  }
};

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const isHarmless = ({ method, body }: Dispatcher.DispatchOptions): boolean =>
  SAFE.has(method) && body === null;

/** By undici's handler: its `request` makes a stream of every answer, which costs more than all else here. */
const askOnce = ({ agent, request, client }: Asking): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: Omit<Answer, 'body'> | undefined;
    let stream: Readable | undefined;
    let held: Dispatcher.DispatchController | undefined;
    const letGo = () => held?.abort(clientGone());
    agent.dispatch(request, {
      onRequestStart: (controller) => {
        held = controller;
        if (client.destroyed) letGo();
        else client.once('close', letGo);
      },
      onResponseStart: (controller, status, headers) => {
        // 1xx says that an answer will come.
        if (status < 200) return;
        head = { status, headers };
        if (isShort(headers) || request.method === 'HEAD') return;
        stream = streamOf(controller);
        resolve({ ...head, body: stream });
      },
      onResponseData: (controller, chunk) => {
        if (stream === undefined) chunks.push(chunk);
        else if (!stream.push(chunk)) controller.pause();
      },
      onResponseEnd: () => {
        client.off('close', letGo);
        if (stream) stream.push(null);
        else if (head) resolve({ ...head, body: wholeOf(chunks) });
      },
      onResponseError: (_, error) => {
        client.off('close', letGo);
        if (stream) stream.destroy(error);
        else reject(error);
      },
    });
  });

const wholeOf = (chunks: readonly Buffer[]): Buffer => {
  const [first, second] = chunks;
  return first !== undefined && second === undefined ? first : Buffer.concat(chunks);
};

const isShort = (headers: IncomingHttpHeaders): boolean => Number(headers['content-length']) <= SHORT_BYTES;

/** The context is read as fast as the client reads. */
const streamOf = (controller: Dispatcher.DispatchController): Readable =>
  new Readable({
    read: () => controller.resume(),
    destroy: (error, done) => {
      controller.abort(error ?? clientGone());
      done(error);
    },
  });

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

const failureOf = (context: string, error: unknown): Error => {
  if (error instanceof Refused) return error;
  const code = String((error as { code?: unknown }).code);
  if (UNREACHABLE.has(code)) return contextUnreachable(context, error);
  return SLOW.has(code) ? contextTooSlow(context, error) : contextFailed(context, error);
};

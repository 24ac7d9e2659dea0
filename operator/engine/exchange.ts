import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';

/** The time for an answer is over. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export type Outgoing = {
  readonly url: URL;
  readonly options: RequestOptions;
  readonly body: string | undefined;
};

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** Resolves with the headers of the answer. From an abort on, request and body fail with the signal's reason. */
export const send = ({ url, options, body }: Outgoing, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options);
    signal.addEventListener('abort', () => request.destroy(asError(signal.reason)), { once: true });
    request.once('error', reject);
    request.once('response', (answer) => {
      signal.addEventListener('abort', () => answer.destroy(asError(signal.reason)), { once: true });
      resolve(answer);
    });
    request.end(body);
  });

/** The whole body. @throws when it breaks off. */
export const textOf = (answer: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    answer.once('error', reject);
    answer.once('close', () => reject(new Error('the answer broke off')));
  });

/** What ends an exchange before its time: a signal or a timeout. */
export type Cut = {
  readonly signal: AbortSignal;
  /** The timeout is for the headers of a watch; its body takes as long as it takes. */
  readonly stopClock: () => void;
  /** Must be called in the end: the signals outlive the exchange. */
  readonly release: () => void;
};

export const cutOff = (signals: readonly AbortSignal[], timeoutMs: number): Cut => {
  const controller = new AbortController();
  const onTimeout = (): void => controller.abort(new NoAnswer(`no answer within ${timeoutMs / 1_000} s`));
  const timer = setTimeout(onTimeout, timeoutMs);
  const onAbort = (): void => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) {
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  }
  return {
    signal: controller.signal,
    stopClock: () => clearTimeout(timer),
    release: () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    },
  };
};

/** For what cannot be interrupted: nobody waits for it any longer. */
export const orCut = <T>(promise: Promise<T>, { signal }: Cut): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

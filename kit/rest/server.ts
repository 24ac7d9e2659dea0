import { once } from 'node:events';
import { createServer, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseUnparsed } from './unparsed-request.ts';

export type ListenOptions = {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
};

export type Listening = {
  readonly port: number;
  /**
   * Takes no new connections, closes idle ones and waits for the requests in flight; what is not answered
   * after `deadlineMs` is cut. Every answer from now on says `Connection: close`.
   *
   * @returns true when every request was answered.
   */
  close(deadlineMs?: number): Promise<boolean>;
};

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Node looks for requests that are late every 30 s, which would make 40 s of the 10. */
const TIMEOUTS_CHECKED_EVERY_MS = 2_000;
/** Longer than the 60 s that load balancers keep theirs, so that they, not we, close an idle connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const DRAIN_DEADLINE_MS = 15_000;
const IDLE_CHECK_MS = 20;

/** A koa app, or whatever else makes a listener. */
export type Listener = { callback(): RequestListener };

export const listen = async (app: Listener, { port, host }: ListenOptions): Promise<Listening> => {
  let closing: Promise<boolean> | undefined;
  const server = createServer(
    {
      ServerResponse: answering(() => closing !== undefined),
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY_MS,
    },
    app.callback(),
  );
  server.on('clientError', refuseUnparsed);
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, 'listening');
  const close = (deadlineMs = DRAIN_DEADLINE_MS) => {
    closing ??= drain(server, deadlineMs);
    return closing;
  };
  return { port: (server.address() as AddressInfo).port, close };
};

/**
 * Asks clients, while the server closes, to open their next connection elsewhere: in each head that leaves then, whoever
 * writes it and however long ago it was asked for. Node.js takes a class for that.
 */
const answering = (isClosing: () => boolean) =>
  class extends ServerResponse {
    override writeHead(...head: unknown[]): this {
      if (isClosing()) this.setHeader('Connection', 'close');
      return super.writeHead(...(head as Parameters<ServerResponse['writeHead']>));
    }
  };

const drain = async (server: Server, deadlineMs: number): Promise<boolean> => {
  let answeredAll = true;
  const closed = once(server, 'close');
  server.close();
  // An answer whose head went out before draining began leaves its connection open and idle.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const deadline = setTimeout(() => {
    answeredAll = false;
    server.closeAllConnections();
  }, deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
  return answeredAll;
};

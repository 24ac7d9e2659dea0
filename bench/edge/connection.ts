import { once } from 'node:events';
import { connect } from 'node:net';

export type Ask = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

export type Answer = { readonly status: number; readonly head: string; readonly body: Buffer };

/** A kept HTTP/1.1 connection with one request under way at a time. */
export type Connection = {
  ask(request: Buffer): Promise<Answer>;
  close(): void;
};

/** What is sent, made once: a load that builds each request anew measures itself. */
export const requestOf = ({ method = 'GET', path, headers = {}, body }: Ask): Buffer => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const lines = Object.entries({ host: 'bench', ...length, ...type, ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${text}`);
};

const NOTHING = Buffer.alloc(0);
const END_OF_HEAD = '\r\n\r\n';
const BODILESS = new Set([204, 304]);

/**
 * Over a bare socket: on two cores every microsecond of a client is taken from who answers, and undici's client costs as
 * much as koa. It reads what our servers write, which is a content-length or no body at all; chunked answers it refuses.
 */
export const openConnection = async (url: string): Promise<Connection> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let asked: PromiseWithResolvers<Answer> | undefined;
  let received: Buffer = NOTHING;
  const fail = (error: Error): void => {
    asked?.reject(error);
    asked = undefined;
  };
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    try {
      const answer = answerIn(received);
      if (answer === undefined) return;
      received = NOTHING;
      asked?.resolve(answer);
      asked = undefined;
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error(`the connection to ${url} ended before the answer did`)));
  return {
    ask: (request) => {
      asked = Promise.withResolvers();
      if (socket.destroyed) fail(new Error(`the connection to ${url} has ended`));
      else socket.write(request);
      return asked?.promise ?? Promise.reject(new Error(`the connection to ${url} has ended`));
    },
    close: () => void socket.destroy(),
  };
};

/** Undefined while part of it is missing. @throws Error when its length is not told. */
export const answerIn = (received: Buffer): Answer | undefined => {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const from = end + END_OF_HEAD.length;
  const length = BODILESS.has(status) ? 0 : lengthIn(head);
  if (received.length < from + length) return undefined;
  return { status, head, body: received.subarray(from, from + length) };
};

const lengthIn = (head: string): number => {
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  if (length === undefined) throw new Error(`cannot tell how long an answer is: ${head}`);
  return Number(length);
};

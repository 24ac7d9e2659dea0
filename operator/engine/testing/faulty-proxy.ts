import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchEvent } from '../kube-client.ts';
import { type ProxiedRequest, proxiedRequest } from './proxied-request.ts';
import { endToEnd, kubeconfigFor, upstreamOf } from './upstream.ts';

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What is to happen to a request. */
export type Fault =
  /** Answered by the proxy; the API server never sees it. */
  | { readonly answer: Answer }
  /** The connection is reset; the API server never sees it. */
  | 'reset'
  /** The API server carries it out, then the connection is reset. */
  | 'lose answer'
  /** Nothing happens, for ever. */
  | 'hang';

/** Undefined passes the request on; a promise delays it. */
export type RequestHook = (request: ProxiedRequest) => Fault | undefined | Promise<Fault | undefined>;

/** `count` is 1 for the first. A promise delays the answer; `lose answer` resets the connection instead. */
export type WriteHook = (
  request: ProxiedRequest,
  count: number,
) => 'lose answer' | undefined | Promise<'lose answer' | undefined>;

/** An HTTP proxy in front of an API server, with its admin's rights unless a request brings its own. */
export type FaultyProxy = {
  readonly url: string;
  /** For clients that shall go through it. */
  readonly kubeconfig: string;
  readonly kubeconfigFile: string;
  /** Asked for each request, the hook that came last first, until one says a fault. @returns what removes it. */
  onRequest(hook: RequestHook): () => void;
  /**
   * Called when the API server has carried out a write (2xx) and before the client hears of it: the place to kill a
   * process after its k-th write. Leases are not counted, because they are written as time goes by.
   */
  onWritten(hook: WriteHook): () => void;
  /** Connections that clients have opened since the start. */
  connections(): number;
  /** Requests that arrived, those that were answered with a fault included. */
  requests(which?: (request: ProxiedRequest) => boolean): number;
  /** Writes that were carried out, without Leases. */
  writes(): number;
  /** Watches that the API server has accepted and nobody has ended. */
  watches(which?: (request: ProxiedRequest) => boolean): number;
  /** Breaks the connections of all open watches. */
  resetWatches(): void;
  /** Ends all open watches in good order. */
  endWatches(): void;
  /** Lets all open watches end with the event by which an API server says that their version is too old. */
  expireWatches(): void;
  /** An event for all open watches, such as a bookmark. */
  tellWatches(event: WatchEvent): void;
  /** Open watches hear nothing any more, their connections stay. */
  silenceWatches(): void;
  close(): Promise<void>;
};

/** What the API server answers when it refuses: `refused(429, { retryAfterSeconds: 1 })`. */
export const refused = (
  status: number,
  { reason = '', retryAfterSeconds }: { reason?: string; retryAfterSeconds?: number } = {},
): { answer: Answer } => ({
  answer: {
    status,
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
    body: JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: status,
      reason,
      message: 'a fault',
    }),
  },
});

const lineOf = (event: unknown): string => `${JSON.stringify(event)}\n`;

/** The event that ends a watch whose version is too old. */
const expired = {
  type: 'ERROR',
  object: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 410,
    reason: 'Expired',
    message: 'too old',
  },
};

const isLease = ({ resource }: ProxiedRequest): boolean => resource === 'leases.coordination.k8s.io';

type OpenWatch = {
  readonly request: ProxiedRequest;
  readonly answer: ServerResponse;
  readonly upstream: IncomingMessage;
};

/** What was asked and what the hooks say to it. */
const listening = () => {
  const requestHooks: RequestHook[] = [];
  const writeHooks: WriteHook[] = [];
  const seen: ProxiedRequest[] = [];
  let writes = 0;
  const hookInto =
    <H>(hooks: H[]) =>
    (hook: H): (() => void) => {
      hooks.push(hook);
      return () => void hooks.splice(hooks.indexOf(hook), 1);
    };
  return {
    faultFor: async (request: ProxiedRequest): Promise<Fault | undefined> => {
      seen.push(request);
      for (const hook of requestHooks.toReversed()) {
        const fault = await hook(request);
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
    /** Whether the client is not to hear of it. */
    afterWrite: async (request: ProxiedRequest, status: number): Promise<boolean> => {
      if (!request.isWrite || status >= 300 || isLease(request)) return false;
      writes += 1;
      const count = writes;
      let isLost = false;
      for (const hook of writeHooks) isLost = (await hook(request, count)) === 'lose answer' || isLost;
      return isLost;
    },
    says: {
      onRequest: hookInto(requestHooks),
      onWritten: hookInto(writeHooks),
      requests: (which: (request: ProxiedRequest) => boolean = () => true) => seen.filter(which).length,
      writes: () => writes,
    },
  };
};

/** The watches that are open, and what can be done to them. */
const openWatches = () => {
  const watches = new Set<OpenWatch>();
  const each = (act: (watch: OpenWatch) => void) => (): void => {
    for (const watch of [...watches]) act(watch);
  };
  const mute = ({ upstream, answer }: OpenWatch): ServerResponse => {
    upstream.unpipe(answer);
    return answer;
  };
  return {
    add: (watch: OpenWatch): void => {
      watches.add(watch);
      watch.answer.once('close', () => watches.delete(watch));
    },
    says: {
      watches: (which: (request: ProxiedRequest) => boolean = () => true) =>
        [...watches].filter(({ request }) => which(request)).length,
      resetWatches: each(({ answer }) => answer.socket?.resetAndDestroy()),
      endWatches: each((watch) => mute(watch).end()),
      expireWatches: each((watch) => mute(watch).end(lineOf(expired))),
      tellWatches: (event: WatchEvent): void => each(({ answer }) => answer.write(lineOf(event)))(),
      silenceWatches: each((watch) => void mute(watch)),
    },
  };
};

type Passing = {
  readonly open: (incoming: IncomingMessage) => ClientRequest;
  readonly afterWrite: (request: ProxiedRequest, status: number) => Promise<boolean>;
  readonly addWatch: (watch: OpenWatch) => void;
};

type Exchange = {
  readonly request: ProxiedRequest;
  readonly incoming: IncomingMessage;
  readonly answer: ServerResponse;
};

const passOn = (
  { open, afterWrite, addWatch }: Passing,
  { request, incoming, answer }: Exchange,
  fault?: Fault,
): void => {
  const outgoing = open(incoming);
  outgoing.once('error', () => answer.destroy());
  outgoing.once('response', async (from) => {
    // What breaks off for the proxy breaks off for the client.
    from.once('error', () => answer.destroy());
    const isLost = await afterWrite(request, from.statusCode ?? 502);
    if (isLost || fault === 'lose answer') {
      from.resume();
      incoming.socket.resetAndDestroy();
      return;
    }
    answer.writeHead(from.statusCode ?? 502, endToEnd(from.headers));
    answer.flushHeaders();
    if (request.verb === 'watch') addWatch({ request, answer, upstream: from });
    from.pipe(answer);
  });
  // A client that has gone needs no answer.
  answer.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
};

const perform = (fault: Exclude<Fault, 'lose answer'>, { incoming, answer }: Exchange): void => {
  if (fault === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  incoming.resume();
  if (fault === 'hang') return;
  const { status, headers, body } = fault.answer;
  answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};

const listen = async (onRequest: (incoming: IncomingMessage, answer: ServerResponse) => void) => {
  const server = createServer(onRequest);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close,
  };
};

/** `{ kubeconfig }` is a ControlPlane. */
export const startFaultyProxy = async (controlPlane: {
  readonly kubeconfig: string;
}): Promise<FaultyProxy> => {
  const upstream = await upstreamOf(controlPlane.kubeconfig);
  const { faultFor, afterWrite, says } = listening();
  const watches = openWatches();
  const passing = { open: upstream.open, afterWrite, addWatch: watches.add };

  const server = await listen(async (incoming, answer) => {
    const exchange = { request: proxiedRequest(incoming), incoming, answer };
    const fault = await faultFor(exchange.request);
    if (fault === undefined || fault === 'lose answer') passOn(passing, exchange, fault);
    else perform(fault, exchange);
  });
  const folder = await mkdtemp(join(tmpdir(), 'faulty-proxy-'));
  const kubeconfigFile = join(folder, 'kubeconfig');
  const kubeconfig = kubeconfigFor(server.url);
  await writeFile(kubeconfigFile, kubeconfig);
  return {
    url: server.url,
    kubeconfig,
    kubeconfigFile,
    connections: server.connections,
    ...says,
    ...watches.says,
    close: async () => {
      server.close();
      upstream.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

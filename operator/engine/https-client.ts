import type { IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { Registry } from 'prom-client';
import { ConnectionLost } from './api-error.ts';
import { attempts, failureOf, type Reader } from './attempt.ts';
import { clientMetrics } from './client-metrics.ts';
import { kubeCredentials } from './credentials.ts';
import { type Cut, textOf } from './exchange.ts';
import { exchanges } from './exchanges.ts';
import type { KubeClient, KubeRequest, WatchEvent } from './kube-client.ts';
import { watchRefusal } from './refusal.ts';
import { watchEvents } from './watch-events.ts';

export type HttpsClientOptions = {
  /** Loaded by `loadFromDefault`, `loadFromCluster`, `loadFromString` … */
  readonly kubeConfig: KubeConfig;
  readonly registry?: Registry;
  /** Connections for requests; further requests wait. Each watch has one of its own besides. */
  readonly maxSockets?: number;
  readonly userAgent?: string;
  /** Files with tokens and certificates are read again after this long, and sooner after a 401. 10 s when absent. */
  readonly readAgainMs?: number;
};

type WatchRequest = Parameters<KubeClient['watch']>[0];

const MAX_SOCKETS = 32;
const READ_AGAIN_MS = 10_000;
/** Two bookmarks that did not come: the API server sends one a minute. */
const IDLE_MS = 150_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may be a Secret.
    throw new Error('the answer is no JSON');
  }
};

const readJson: Reader<unknown> = async (answer, cut) => {
  const text = await textOf(answer);
  cut.release();
  return answer.headers['content-type']?.includes('json') ? parsed(text) : text;
};

const readEvents: Reader<{ body: IncomingMessage; cut: Cut }> = async (body, cut) => {
  cut.stopClock();
  return { body, cut };
};

/** A KubeClient over node:https, or node:http where the kubeconfig says so. */
export const httpsClient = (options: HttpsClientOptions): KubeClient => {
  const {
    kubeConfig,
    maxSockets = MAX_SOCKETS,
    readAgainMs = READ_AGAIN_MS,
    userAgent = 'cadastre',
  } = options;
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig names no cluster; set its current-context');
  const credentials = kubeCredentials({ kubeConfig, maxSockets, readAgainMs });
  const closing = new AbortController();
  const metrics = clientMetrics(options.registry ?? new Registry());
  const attempt = attempts({ server, userAgent, metrics, closing: closing.signal });
  const exchange = exchanges({ attempt, credentials, closing: closing.signal });

  async function* watch({ idleMs = IDLE_MS, ...asked }: WatchRequest): AsyncGenerator<WatchEvent> {
    const query = { allowWatchBookmarks: true, ...asked.query, watch: true };
    const request: KubeRequest = { ...asked, method: 'GET', query };
    const { body, cut } = await exchange({ request, isWatch: true }, readEvents);
    try {
      for await (const event of watchEvents(body, idleMs)) {
        if (event.type === 'ERROR') throw watchRefusal(request.path, event.object);
        yield event;
      }
    } catch (cause) {
      throw failureOf(cause, request);
    } finally {
      cut.release();
      body.destroy();
    }
  }

  return {
    request: async <T>(request: KubeRequest) => (await exchange({ request, isWatch: false }, readJson)) as T,
    watch,
    close: () => {
      closing.abort(new ConnectionLost('the client was closed'));
      credentials.close();
    },
  };
};

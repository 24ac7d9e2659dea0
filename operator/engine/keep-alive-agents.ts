import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';

/** Watches have connections of their own, so that they never take one from a request. */
export type Agents = { readonly requests: HttpAgent; readonly watches: HttpAgent };

export type AgentsOptions = {
  readonly tls: Pick<
    RequestOptions,
    'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
  >;
  readonly isPlain: boolean;
  readonly maxSockets: number;
  /** Used instead of new ones. */
  readonly proxied?: RequestOptions['agent'];
};

/** Shorter than the API server's 90 s, so that a request rarely meets a connection that is being closed. */
const IDLE_MS = 60_000;
/** Probes begin after this long; a peer that vanished without a word is noticed some 10 s later. */
const PROBE_MS = 15_000;

export const keepAliveAgents = ({ tls, isPlain, maxSockets, proxied }: AgentsOptions): Agents => {
  if (proxied instanceof HttpAgent) return { requests: proxied, watches: proxied };
  const open = (limit: number): HttpAgent => {
    const options = {
      keepAlive: true,
      keepAliveMsecs: PROBE_MS,
      timeout: IDLE_MS,
      maxSockets: limit,
      maxFreeSockets: maxSockets,
    };
    return isPlain ? new HttpAgent(options) : new HttpsAgent({ ...tls, ...options });
  };
  return { requests: open(maxSockets), watches: open(Number.POSITIVE_INFINITY) };
};

/** What is under way goes on to its end; no connection is used again. */
export const retire = ({ requests, watches }: Agents): void => {
  for (const agent of [requests, watches]) {
    agent.maxFreeSockets = 0;
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  }
};

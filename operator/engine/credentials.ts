import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { type Agents, keepAliveAgents, retire } from './keep-alive-agents.ts';

/** A file is not there, a plugin failed, or the like: nothing was asked of the API server. */
export class CredentialsUnreadable extends Error {
  override name = 'CredentialsUnreadable';
}

/** With what one request goes to the API server. */
export type Access = { readonly headers: Readonly<Record<string, string>>; readonly agents: Agents };

export interface Credentials {
  /** Read again when they were last read a while ago. */
  access(): Promise<Access>;
  /**
   * The API server did not accept this access (401): forgets every token that was kept.
   * @returns whether there is a point in trying again; false when all was read anew just now.
   */
  refused(access: Access): boolean;
  close(): void;
}

export type CredentialsOptions = {
  readonly kubeConfig: KubeConfig;
  readonly maxSockets: number;
  readonly readAgainMs: number;
};

/** Plugins are processes: an account that is locked must not start one for each request. */
const RENEW_EVERY_MS = 1_000;

/** KubeConfig's authenticators keep what they read; those of a copy have read nothing yet. */
const withoutMemory = (config: KubeConfig): KubeConfig => {
  const copy = new KubeConfig();
  copy.loadFromOptions({
    clusters: config.clusters,
    users: config.users,
    contexts: config.contexts,
    currentContext: config.currentContext,
  });
  return copy;
};

const read = async (config: KubeConfig): Promise<RequestOptions> => {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options).catch((cause: unknown) => {
    const user = config.getCurrentUser()?.name ?? '(none)';
    // What a plugin printed and nobody could parse may hold a piece of a token.
    throw new CredentialsUnreadable(`cannot read the credentials of the kubeconfig's user ${user}`, {
      ...(!(cause instanceof SyntaxError) && { cause }),
    });
  });
  return options;
};

const headersOf = ({ headers, auth }: RequestOptions): Record<string, string> => ({
  ...(auth && { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
  // A token file may end in a newline, which no header may have.
  ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value).trim()])),
});

const tlsOf = ({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }: RequestOptions) => ({
  ca,
  cert,
  key,
  pfx,
  passphrase,
  servername,
  rejectUnauthorized,
});

/** Who the kubeconfig says we are, with connections that are made anew when the TLS material changes. */
export const kubeCredentials = ({ kubeConfig, maxSockets, readAgainMs }: CredentialsOptions): Credentials => {
  let config = kubeConfig;
  let held: { access: Access; readAt: number } | undefined;
  let reading: Promise<Access> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let agents: Agents | undefined;
  let material = '';

  const agentsFor = (options: RequestOptions): Agents => {
    const tls = tlsOf(options);
    const current = createHash('sha256').update(JSON.stringify(tls)).digest('hex');
    if (agents && current === material) return agents;
    if (agents) retire(agents);
    material = current;
    const cluster = config.getCurrentCluster();
    agents = keepAliveAgents({
      tls,
      maxSockets,
      isPlain: cluster?.server.startsWith('http:') ?? false,
      // A proxy in the kubeconfig takes KubeConfig's own agent: it knows their protocols.
      ...(cluster?.proxyUrl && options.agent && { proxied: options.agent }),
    });
    return agents;
  };
  const readAll = async (): Promise<Access> => {
    const options = await read(config);
    const access = { headers: headersOf(options), agents: agentsFor(options) };
    held = { access, readAt: performance.now() };
    return access;
  };
  return {
    access: async () => {
      if (held && performance.now() - held.readAt < readAgainMs) return held.access;
      reading ??= readAll().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    refused: (access) => {
      if (held?.access !== access) return true;
      if (performance.now() - renewedAt < RENEW_EVERY_MS) return false;
      renewedAt = performance.now();
      config = withoutMemory(config);
      held = undefined;
      return true;
    },
    close: () => {
      for (const agent of agents ? [agents.requests, agents.watches] : []) agent.destroy();
    },
  };
};

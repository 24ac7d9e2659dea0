import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request as requestUpstream } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host']);

/** Without those that concern one connection alone. */
export const endToEnd = (headers: IncomingMessage['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));

/** With the rights of the kubeconfig, or those that the client brought. */
export const upstreamOf = async (kubeconfig: string) => {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, rejectUnauthorized } = options;
  const agent = new Agent({
    keepAlive: true,
    ca,
    cert,
    key,
    ...(rejectUnauthorized === false && { rejectUnauthorized }),
  });
  const server = config.getCurrentCluster()?.server ?? '';
  const open = ({ method, url = '/', headers }: IncomingMessage) =>
    requestUpstream(new URL(url, server), {
      agent,
      ...(method !== undefined && { method }),
      headers: { ...(options.headers as Record<string, string>), ...endToEnd(headers) },
    });
  return { open, close: () => agent.destroy() };
};

export const kubeconfigFor = (url: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'proxy', user: {} }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy' } }],
    'current-context': 'proxy',
  });

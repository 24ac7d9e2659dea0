import type { KubeRequest } from './kube-client.ts';

/** `server` may have a path of its own, as behind a management console. */
export const urlOf = (server: string, { path, query = {} }: Pick<KubeRequest, 'path' | 'query'>): URL => {
  const url = new URL(server);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
};

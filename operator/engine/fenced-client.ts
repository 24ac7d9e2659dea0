import type { KubeClient } from './kube-client.ts';
import { type Leadership, LeadershipLost } from './lease-term.ts';

/** Passes reads on, and writes while the leadership lasts. Writes that wait for a busy API server end with it. */
export const fencedClient = (client: KubeClient, { isLeading, lost }: Leadership): KubeClient => ({
  ...client,
  request: async (request) => {
    if (request.method === 'GET') return client.request(request);
    if (!isLeading()) throw new LeadershipLost(`${request.method} ${request.path}: another may lead by now`);
    const signal = request.signal ? AbortSignal.any([request.signal, lost]) : lost;
    return client.request({ ...request, signal });
  },
});

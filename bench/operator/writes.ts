import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient } from '../../operator/engine/kube-client.ts';
import { samplesOf } from './samples.ts';

const VERBS = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE', 'DELETECOLLECTION']);

/** By verb and resource, since the API server's start: `APPLY deployments`. */
export type Writes = ReadonlyMap<string, number>;

/**
 * Writes as the API server counts them, accepted or not. Leases are left out: leaders renew them, the API server its own,
 * and that they are renewed is no change of anything.
 */
export const countWrites = async (client: KubeClient): Promise<Writes> => {
  const text = await client.request<string>({ method: 'GET', path: '/metrics' });
  const counts = new Map<string, number>();
  for (const { labels, value } of samplesOf(text, 'apiserver_request_total')) {
    const { verb = '', resource = '', subresource = '' } = labels;
    if (!VERBS.has(verb) || resource === 'leases') continue;
    const what = `${verb} ${resource}${subresource && `/${subresource}`}`;
    counts.set(what, (counts.get(what) ?? 0) + value);
  }
  return counts;
};

/** What has been written between the two, most first. */
export const writesBetween = (before: Writes, after: Writes): [what: string, count: number][] =>
  [...after]
    .map(([what, count]): [string, number] => [what, count - (before.get(what) ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);

export const totalOf = (writes: readonly (readonly [string, number])[]): number =>
  writes.reduce((sum, [, count]) => sum + count, 0);

/** Waits until nothing was written for so long. @returns whether that came to pass before the patience ended. */
export const untilQuiet = async (
  client: KubeClient,
  { quietMs, patienceMs }: { quietMs: number; patienceMs: number },
): Promise<boolean> => {
  const deadline = performance.now() + patienceMs;
  for (let before = await countWrites(client); performance.now() < deadline; ) {
    await delay(quietMs);
    const after = await countWrites(client);
    if (totalOf(writesBetween(before, after)) === 0) return true;
    before = after;
  }
  return false;
};

import { consumerName } from '../../kit/context-map/context-map.ts';
import type { Outcome } from './outcome.ts';
import { isReady } from './rollout.ts';

export const statusOf = ({ cell, observed: { tenants, candidates }, placed, replicas }: Outcome) => {
  const ready = new Set(candidates.filter((one) => isReady(one, replicas.min)).map(({ name }) => name));
  const databases = placed.map(({ name }) => consumerName({ cell: cell.metadata.name, name }));
  return {
    // One that is being deleted is served no more once this is written: its documents go then.
    tenants: tenants
      .filter(({ isLeaving }) => !isLeaving)
      .map(({ name, id, contexts }) => ({ name, id, contexts })),
    contexts: placed.map(({ name, release, refused }) => ({
      name,
      version: release.version,
      image: release.image,
      ...(refused && { refusedImage: refused.image }),
      ready: ready.has(name),
    })),
    databases: [...new Set([...(cell.status?.databases ?? []), ...databases])].sort(),
  };
};

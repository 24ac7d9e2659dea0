import { consumerName } from '../../kit/context-map/context-map.ts';
import type { Outcome } from './outcome.ts';
import { isSameProgram } from './release.ts';
import { isReady, type Placed } from './rollout.ts';

export const statusOf = ({ cell, observed: { tenants, candidates }, placed, replicas }: Outcome) => {
  const ready = new Set(candidates.filter((one) => isReady(one, replicas.min)).map(({ name }) => name));
  const databases = placed.map(({ name }) => consumerName({ cell: cell.metadata.name, name }));
  return {
    // One that is being deleted is served no more once this is written: its documents go then.
    tenants: tenants
      .filter(({ isLeaving }) => !isLeaving)
      .map(({ name, id, contexts }) => ({ name, id, contexts })),
    contexts: placed.map(({ name, release, good, refused, isAwake }) => ({
      name,
      version: release.version,
      image: release.image,
      ...(refused && { refusedImage: refused.image }),
      ...fallbackOf({ release, good, isAwake }),
      ready: ready.has(name),
    })),
    databases: [...new Set([...(cell.status?.databases ?? []), ...databases])].sort(),
  };
};

/** A context that sleeps runs neither, and is not to hold up what others release for as long as it does. */
const fallbackOf = ({
  release,
  good,
  isAwake,
}: Pick<Placed, 'release' | 'good' | 'isAwake'>): { fallback?: { version: string; image: string } } =>
  !isAwake || good === undefined || isSameProgram(release, good)
    ? {}
    : { fallback: { version: good.version, image: good.image } };

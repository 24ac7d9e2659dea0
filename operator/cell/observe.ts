import { consumerName } from '../../kit/context-map/context-map.ts';
import type { Cell } from '../api/cell.ts';
import type { World } from '../engine/cache.ts';
import { accessIn, type StoredSecret } from './access.ts';
import { accessMaker } from './access-maker.ts';
import { type Standing, standingAt } from './accounts/standing.ts';
import { type CellTenant, type Landscape, landscapeOf, tenantsOf } from './facts.ts';
import type { CellOptions } from './options.ts';
import type { PullSecret } from './pull-secrets.ts';
import { deployments, secrets, services } from './resources.ts';
import type { Candidate } from './rollout.ts';
import { type ObservedDeployment, runningIn } from './running.ts';
import type { Servers } from './servers.ts';

export type Observed = {
  readonly tenants: readonly CellTenant[];
  readonly landscape: Landscape;
  /** What the tenants want run, by name in this order. */
  readonly candidates: readonly Candidate[];
  readonly mongodb: Standing;
  readonly redis: Standing;
  readonly pullSecrets: readonly PullSecret[];
};

export const observer = (options: CellOptions, servers: Servers) => {
  const look = siteObserver(options, servers);
  return async (cell: Cell, world: World): Promise<Observed> => {
    const tenants = tenantsOf(cell, world);
    const landscape = landscapeOf(world);
    const wanted = contextsOf(tenants, landscape).map((name) => ({
      name,
      wanted: landscape.releases.get(name),
      isAwake: tenants.some(({ isLeaving, awake }) => !isLeaving && awake.includes(name)),
    }));
    return { tenants, landscape, ...(await look(cell, wanted, world)) };
  };
};

type Wanted = Pick<Candidate, 'name' | 'wanted' | 'isAwake'>;

/** Looks at what there is of contexts, in the cluster and at the servers: those of a cell, or one of the platform's. */
export const siteObserver = (options: CellOptions, servers: Servers) => {
  const freshAccess = accessMaker(options);
  return async (
    cell: Cell,
    wanted: readonly Wanted[],
    world: World,
  ): Promise<Pick<Observed, 'candidates' | 'mongodb' | 'redis' | 'pullSecrets'>> => {
    const names = wanted.map(({ name }) => consumerName({ cell: cell.metadata.name, name }));
    const known = [...new Set([...names, ...(cell.status?.databases ?? [])])];
    const [mongodb, redis, pullSecrets = []] = await Promise.all([
      standingAt(servers.mongodb, known),
      standingAt(servers.redis, known),
      options.pullSecrets?.read(),
    ]);
    const rotation = cell.spec.rotateSecretsAt ?? '';
    const candidates = wanted.map((one): Candidate => {
      const key = `${cell.spec.namespace}/${one.name}`;
      const stored = accessIn(world.cache<StoredSecret>(secrets).get(key));
      return {
        ...one,
        running: runningIn(
          world.cache<ObservedDeployment>(deployments).get(key),
          world.cache(services).get(key),
        ),
        stored,
        fresh: freshAccess({ cell: cell.metadata.name, context: one.name, rotation, stored }),
        noted: cell.status?.contexts?.find(({ name }) => name === one.name),
      };
    });
    return { candidates, mongodb, redis, pullSecrets };
  };
};

/** What the tenants have together; those of the platform run elsewhere. */
const contextsOf = (tenants: readonly CellTenant[], { platform }: Landscape): string[] => {
  const all = tenants.filter(({ isLeaving }) => !isLeaving).flatMap(({ contexts }) => contexts);
  return [...new Set(all)].filter((name) => !platform.has(name)).sort();
};

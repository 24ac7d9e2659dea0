import { type ContextMap, consumerName, type MappedContext } from '../../kit/context-map/context-map.ts';
import type { Cell } from '../api/cell.ts';
import { platform as operator } from '../events/language.ts';
import type { CellTenant, Landscape } from './facts.ts';
import { identityIn } from './identity.ts';
import { endpointOf, PLATFORM_CELL } from './names.ts';
import { isSameProgram, type ReleaseUpstream } from './release.ts';
import type { Placed } from './rollout.ts';

/**
 * The part of the map that a cell's contexts are told: themselves, the platform's contexts that they read, and the
 * cell's tenants. The map of the landscape is the union of the cells' maps and the platform's contexts.
 */
export const mapOf = (
  cell: Cell,
  { tenants, landscape, operatorNamespace }: Surroundings,
  placed: readonly Placed[],
): ContextMap => {
  const { metadata, spec } = cell;
  const place = { cell: metadata.name, namespace: spec.namespace, scope: 'Tenant' } as const;
  const contexts = placed.map((one) => mapped({ ...place, name: one.name, upstreams: heardBy(one) }));
  const upstreams = new Set(contexts.flatMap((context) => context.upstreams.map((one) => one.context)));
  const platform = [...landscape.platform].filter((name) => upstreams.has(name)).sort();
  const identity = identityIn(landscape, operatorNamespace);
  return {
    contexts: [
      ...contexts,
      ...platform.map((name) =>
        mapped({
          cell: PLATFORM_CELL,
          // The operator tells and hears events alone.
          namespace: name === operator.context ? undefined : operatorNamespace,
          name,
          scope: 'Platform',
          upstreams: landscape.releases.get(name)?.upstreams ?? [],
        }),
      ),
    ],
    ...(identity && { identity }),
    tenants: tenants.flatMap((tenant) => {
      const contexts = cell.spec.isolation === 'Pooled' ? tenant.awake : tenant.contexts;
      const isGone = tenant.isLeaving || contexts.length === 0;
      return isGone ? [] : [{ id: tenant.id, cell: cell.metadata.name, contexts: [...contexts] }];
    }),
  };
};

type Surroundings = {
  readonly tenants: readonly CellTenant[];
  readonly landscape: Landscape;
  /** Where the platform's contexts run. */
  readonly operatorNamespace: string;
};

/**
 * Until a new version has become ready, what the one before consumes. Its pods run on beside the new ones, and an event
 * of a type that they do not know would count as handled without any effect; and what only they know they need when
 * the new version is taken back.
 */
export const heardBy = ({ release, good }: Pick<Placed, 'release' | 'good'>): readonly ReleaseUpstream[] =>
  good === undefined || isSameProgram(release, good) ? release.upstreams : good.upstreams;

type Mapping = Pick<MappedContext, 'cell' | 'name' | 'scope'> & {
  /** Of its Service; undefined where it has no API. */
  readonly namespace: string | undefined;
  readonly upstreams: readonly ReleaseUpstream[];
};

/** An entry of the map. */
export const mapped = ({ cell, namespace, name, scope, upstreams }: Mapping): MappedContext => ({
  cell,
  name,
  database: consumerName({ cell, name }),
  scope,
  ...(namespace !== undefined && { url: endpointOf(namespace, name) }),
  upstreams: upstreams
    .filter(({ consumes }) => consumes.length > 0)
    .map(({ context, start, consumes }) => ({
      context,
      start,
      consumes: consumes.map((one) => ({ ...one })),
    })),
});

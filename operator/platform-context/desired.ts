import type { BoundedContext, BoundedContextSpec } from '../api/bounded-context.ts';
import type { PlatformDesired } from '../bounded-context/platform-contexts.ts';
import { serviceAccount } from '../cell/children/base.ts';
import { workloadChildren } from '../cell/children/children.ts';
import { outcomeOf } from '../cell/desired.ts';
import type { CellEffect } from '../cell/effects.ts';
import { PLATFORM_CELL } from '../cell/names.ts';
import { releaseOf } from '../cell/release.ts';
import { networkPolicy } from './network-policy.ts';
import type { PlatformObserved } from './observe.ts';
import type { PlatformOptions } from './options.ts';
import { nameIsReserved, platformCell } from './platform-cell.ts';

/** Two, so that an update or a lost node is not noticed; the cluster alone limits how many more. */
const REPLICAS = { min: 2, max: 6 };

/** They are few: each asks for its own accounts, since Redis forgets them when it restarts and tells nobody. */
const LOOK_AGAIN_SECONDS = 20;
/** Nothing in the cluster changes when a server comes back. */
const LOOK_SOON_SECONDS = 5;

/** What a platform context is made of, by the rules of a context in a cell. Pure. */
export const desiredWith =
  (options: PlatformOptions) =>
  (
    context: BoundedContext,
    released: BoundedContextSpec,
    seen: PlatformObserved | undefined,
  ): PlatformDesired<CellEffect> => {
    const reserved = nameIsReserved(context);
    if (reserved !== undefined || seen === undefined) return { children: [], fault: reserved };
    // What is released now may not be in the cache yet, and what it says of the context's readiness would be wrong.
    const wanted = releaseOf(released, (type) => seen.kinds.get(type));
    const observed = { ...seen, candidates: seen.candidates.map((one) => ({ ...one, wanted })) };
    const { operatorNamespace: namespace, landscapeMap, replicas: room = REPLICAS } = options;
    const cell = platformCell(context, options);
    const { outcome, ...due } = outcomeOf({ cell, observed, room });
    const { progressDeadlineSeconds = 180, logLevel = 'info' } = options;
    const workload = { cell: PLATFORM_CELL, namespace, mapConfig: landscapeMap, replicas: outcome.replicas };
    return {
      ...due,
      requeueAfterSeconds: due.fault === undefined ? LOOK_AGAIN_SECONDS : LOOK_SOON_SECONDS,
      children: outcome.placed.flatMap((placed) => [
        serviceAccount(namespace, {
          name: placed.name,
          pullSecrets: seen.pullSecrets.map(({ name }) => name),
        }),
        networkPolicy(placed, { landscape: observed.landscape, options }),
        ...workloadChildren({
          ...placed,
          ...workload,
          serviceAccount: placed.name,
          progressDeadlineSeconds,
          logLevel,
        }),
      ]),
    };
  };

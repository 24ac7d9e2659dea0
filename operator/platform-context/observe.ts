import type { BoundedContext } from '../api/bounded-context.ts';
import { kindsIn, landscapeOf } from '../cell/facts.ts';
import { type Observed, siteObserver } from '../cell/observe.ts';
import type { Servers } from '../cell/servers.ts';
import type { World } from '../engine/cache.ts';
import type { PlatformOptions } from './options.ts';
import { isOfPlatform, platformCell } from './platform-cell.ts';

/** As of a cell that has this one context. */
export type PlatformObserved = Observed & {
  /** What each published event type is about. */
  readonly kinds: ReadonlyMap<string, string>;
};

/** Undefined of a context of cells: the servers are not asked about it. */
export const observer = (options: PlatformOptions, servers: Servers) => {
  const look = siteObserver(options, servers);
  return async (context: BoundedContext, world: World): Promise<PlatformObserved | undefined> => {
    if (!isOfPlatform(context)) return undefined;
    const landscape = landscapeOf(world);
    const { name } = context.metadata;
    const wanted = [{ name, wanted: landscape.releases.get(name), isAwake: true }];
    const seen = await look(platformCell(context, options), wanted, world);
    return { tenants: [], landscape, kinds: kindsIn(world), ...seen };
  };
};

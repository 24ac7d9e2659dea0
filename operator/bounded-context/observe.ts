import { isDeepStrictEqual } from 'node:util';
import { type BoundedContext, type BoundedContextSpec, boundedContextKind } from '../api/bounded-context.ts';
import type { World } from '../engine/cache.ts';
import { type Landscape, releaseOf, withReleased } from './release.ts';

type Released = BoundedContextSpec | undefined;

/** A release that was decided, and what the cache may show until it shows that. */
type Decided = {
  readonly uid: string | undefined;
  readonly released: Released;
  readonly until: readonly Released[];
};

/**
 * Sees the landscape as it will be when all that was decided before is written: two contexts that are looked at within
 * milliseconds could otherwise both be released, each fitting what the other had released before and not what it has
 * now. What it returns counts as decided upon, so whoever calls it writes what `releaseOf` says.
 */
export const landscapeObserver = (): ((context: BoundedContext, world: World) => Landscape) => {
  const decisions = new Map<string, Decided>();

  /** Undefined when the cache shows the decision, or what somebody else made of the context since. */
  const pendingFor = ({ metadata: { name, uid }, status }: BoundedContext): Decided | undefined => {
    const decided = decisions.get(name);
    const isPending =
      decided?.uid === uid && decided?.until.some((one) => isDeepStrictEqual(one, status?.released)) === true;
    if (!isPending) decisions.delete(name);
    return isPending ? decided : undefined;
  };

  const current = (context: BoundedContext): BoundedContext => {
    const released = pendingFor(context)?.released;
    return released === undefined ? context : withReleased(context, released);
  };

  const decide = (cached: BoundedContext): void => {
    const { metadata, spec, status } = cached;
    const pending = pendingFor(cached);
    const earlier = [status?.released, ...(pending ? [...pending.until, pending.released] : [])];
    if (isDeepStrictEqual(earlier.at(-1), spec)) return;
    const until = earlier.filter((one) => !isDeepStrictEqual(one, spec));
    decisions.set(metadata.name, { uid: metadata.uid, released: spec, until });
  };

  return (parent, world) => {
    const cached = [...world.cache<BoundedContext>(boundedContextKind).list()];
    const known = [parent, ...cached.filter(({ metadata }) => metadata.name !== parent.metadata.name)];
    const landscape = known.map(current);
    const released = releasedNow(parent.metadata.name, landscape).map(({ metadata }) => metadata.name);
    for (const context of known) if (released.includes(context.metadata.name)) decide(context);
    return landscape;
  };
};

/** What is released with this decision: the context itself, and its partners if they must be. */
const releasedNow = (name: string, landscape: Landscape): Landscape => {
  const context = landscape.find(({ metadata }) => metadata.name === name);
  if (context === undefined) return [];
  const { faults, together } = releaseOf(context, landscape);
  return faults.length === 0
    ? landscape.filter((one) => one === context || together.includes(one.metadata.name))
    : [];
};

import type { BoundedContext, BoundedContextSpec } from '../api/bounded-context.ts';
import { conditionOf, type Fault } from '../api/fault.ts';
import type { Desired } from '../engine/controller.ts';
import type { PlatformContexts, PlatformDesired } from './platform-contexts.ts';
import { type Landscape, type Release, releaseOf } from './release.ts';
import { type Program, stillRuns, supersededBy } from './superseded.ts';

export type Observed<PlatformObserved> = {
  /** With the context itself, whose released version may not be in its status yet. */
  readonly landscape: Landscape;
  readonly platform: PlatformObserved;
  /** The versions of this context that run somewhere, or may again. */
  readonly running: readonly Program[];
};

export const desiredWith =
  <PlatformObserved, Effect>({ desired }: Pick<PlatformContexts<PlatformObserved, Effect>, 'desired'>) =>
  (context: BoundedContext, observed: Observed<PlatformObserved>): Desired<Effect> => {
    const current = currentOf(context, observed.landscape);
    const release = releaseOf(current, observed.landscape);
    const { released } = release;
    const { fault, ...deployed }: PlatformDesired<Effect> =
      released?.scope === 'Platform' ? desired(context, released, observed.platform) : { children: [] };
    return {
      ...deployed,
      status: released === undefined ? {} : { released, ...supersededIn(current, released, observed) },
      conditions: [
        conditionOf('Compatible', release.faults[0], fits(context)),
        conditionOf('Ready', unreleased(context, release) ?? fault, ready(context)),
      ],
    };
  };

const supersededIn = (
  current: BoundedContext,
  released: BoundedContextSpec,
  { running }: Pick<Observed<unknown>, 'running'>,
) => {
  const superseded = supersededBy(released, current).filter((one) => stillRuns(one, running));
  return superseded.length === 0 ? {} : { superseded };
};

const currentOf = (context: BoundedContext, landscape: Landscape): BoundedContext =>
  landscape.find(({ metadata }) => metadata.name === context.metadata.name) ?? context;

const fits = ({ spec }: BoundedContext): Fault => ({
  reason: 'FitsTheMap',
  message: `${spec.version} can read all that it consumes, and all that consume it can read it`,
});

const ready = ({ spec }: BoundedContext): Fault => ({
  reason: 'Released',
  message:
    spec.scope === 'Platform'
      ? `${spec.version} is released and runs`
      : `${spec.version} is released: cells whose tenants have it in their plan run it`,
});

const unreleased = ({ spec }: BoundedContext, { faults: [fault], released }: Release): Fault | undefined =>
  fault && {
    reason: fault.reason,
    message: `${standing(spec.version, released?.version)}: ${fault.message}`,
  };

const standing = (version: string, released: string | undefined): string => {
  if (released === undefined) return `${version} is not released`;
  return released === version
    ? `${version} goes on as it was released`
    : `${version} is not released and ${released} goes on`;
};

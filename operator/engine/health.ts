import type { Cache } from './cache.ts';
import { type Clock, monotonicClock } from './clock.ts';
import { nameOf, type Resource } from './resource.ts';
import type { RunningController } from './run-controller.ts';

export type HealthSources = {
  /** Those that run now: none on a standby. */
  readonly controllers: () => readonly Pick<RunningController, 'name' | 'queue'>[];
  readonly caches: readonly Pick<Cache, 'resource' | 'isSynced'>[];
  /** Since a reflector last heard of the API server; undefined for one that has ended. */
  readonly secondsSinceSign: (resource: Resource) => number | undefined;
  readonly clock?: Clock;
};

/** Each says what is wrong, or nothing. */
export interface Health {
  /** What a restart may mend: work that hangs, a reflector that has gone deaf. */
  live(): string | undefined;
  /** Whether the caches are complete and hear of changes; on a standby too, which is ready to lead. */
  ready(): string | undefined;
}

/** A key may take long, but then others finish; when none does, the workers hang. */
const STUCK_SECONDS = 60;
/** Three bookmarks that did not come. */
const BEHIND_SECONDS = 180;
/** By then the reflector has tried often enough to be told that the API server is there, if it is. */
const DEAF_SECONDS = 900;

export const healthOf = ({
  controllers,
  caches,
  secondsSinceSign,
  clock = monotonicClock,
}: HealthSources): Health => {
  const stuck = ({ name, queue }: ReturnType<HealthSources['controllers']>[number]): string | undefined => {
    const { waiting, working, movedAt } = queue();
    if (waiting + working === 0 || clock.now() - movedAt <= STUCK_SECONDS * 1_000) return undefined;
    return `controller ${name} has ${waiting + working} keys and has finished none for ${STUCK_SECONDS} s`;
  };
  const silent =
    (limit: number) =>
    (cache: Pick<Cache, 'resource'>): string | undefined => {
      const seconds = secondsSinceSign(cache.resource);
      if (seconds === undefined || seconds <= limit) return undefined;
      return `the reflector of ${nameOf(cache.resource)} has heard nothing of the API server for ${limit} s`;
    };
  const incomplete = ({ resource, isSynced }: Pick<Cache, 'resource' | 'isSynced'>): string | undefined =>
    isSynced() ? undefined : `the list of ${nameOf(resource)} is not complete yet`;
  return {
    live: () => firstOf(controllers(), stuck) ?? firstOf(caches, silent(DEAF_SECONDS)),
    ready: () => firstOf(caches, incomplete) ?? firstOf(caches, silent(BEHIND_SECONDS)),
  };
};

const firstOf = <T>(items: readonly T[], fault: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const found = fault(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

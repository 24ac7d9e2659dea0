import type { BoundedContext, BoundedContextSpec, Superseded } from '../api/bounded-context.ts';

/** A version that runs, as far as a cell can name it. */
export type Program = Pick<BoundedContextSpec, 'version' | 'image'>;

const isSame = (one: Program, other: Program): boolean =>
  one.version === other.version && one.image === other.image;

/** What was released before this, the last first; whether any of it still runs is for others to say. */
export const supersededBy = (released: BoundedContextSpec, { status }: BoundedContext): Superseded[] => {
  const before = [...(status?.released ? [status.released] : []), ...(status?.superseded ?? [])];
  const others = before.filter((one) => !isSame(one, released));
  return others
    .filter((one, index) => others.findIndex((other) => isSame(one, other)) === index)
    .map(({ version, image, publishes, upstreams }) => ({ version, image, publishes, upstreams }));
};

export const stillRuns = (one: Program, running: readonly Program[]): boolean =>
  running.some((other) => isSame(one, other));

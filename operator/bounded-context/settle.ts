import { isDeepStrictEqual } from 'node:util';
import type { BoundedContext } from '../api/bounded-context.ts';
import { type Landscape, type Release, releaseOf } from './release.ts';

/** A context after the operator has come to rest, with what it decided about it. */
export type Settled = { readonly context: BoundedContext } & Release;

/** What the operator would make of these contexts, if nothing else changed until it comes to rest. */
export const settle = (contexts: Landscape): readonly Settled[] => {
  let landscape = contexts;
  for (;;) {
    const next = landscape.reduce(release, landscape);
    if (isDeepStrictEqual(next, landscape)) break;
    landscape = next;
  }
  return landscape.map((context) => ({ context, ...releaseOf(context, landscape) }));
};

/** Each context changes once at most, since only what its spec says is released. */
const release = (landscape: Landscape, { metadata: { name } }: BoundedContext): Landscape => {
  const context = landscape.find((one) => one.metadata.name === name);
  if (context === undefined) return landscape;
  const { faults, together } = releaseOf(context, landscape);
  const isReleased = (one: BoundedContext) => one === context || together.includes(one.metadata.name);
  return faults.length === 0 ? landscape.map((one) => (isReleased(one) ? rolledOut(one) : one)) : landscape;
};

/** At rest all cells run what is released; what they could not leave before stays. */
const rolledOut = (context: BoundedContext): BoundedContext => ({
  ...context,
  status: { conditions: [], ...context.status, released: context.spec },
});

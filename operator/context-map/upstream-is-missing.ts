import type { Check } from '../api/fault.ts';
import { type MapInput, titleOf } from './version.ts';
import { didYouMean, several } from './words.ts';

export const upstreamIsMissing: Check<MapInput> = ({ candidate, beside }) => {
  const known = new Set([candidate, ...beside].map(({ name }) => name));
  const missing = candidate.spec.upstreams.map(({ context }) => context).filter((name) => !known.has(name));
  if (missing.length === 0) return undefined;
  const which = several(missing.map((name) => `${name}${didYouMean(name, known)}`));
  return {
    reason: 'UpstreamMissing',
    message: `${titleOf(candidate)} depends on a context that does not exist: ${which}. Apply its BoundedContext, after which this heals by itself, or take it out of spec.upstreams`,
  };
};

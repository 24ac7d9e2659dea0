import type { Relation } from '../../kit/context/context.ts';
import type { Version } from './version.ts';

/** How one context declares to stand to another. */
export const relationOf = ({ spec }: Version, upstream: string): Relation | undefined =>
  spec.upstreams.find(({ context }) => context === upstream)?.relation;

export const arePartners = (one: Version, other: Version): boolean =>
  relationOf(one, other.name) === 'Partnership' && relationOf(other, one.name) === 'Partnership';

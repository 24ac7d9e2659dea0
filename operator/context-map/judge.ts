import { type Fault, firstFailure } from '../api/fault.ts';
import { checks } from './checks.ts';
import { arePartners } from './relations.ts';
import type { MapInput, Version } from './version.ts';

/** A bounded context as the map has it. */
export type Mapped = {
  readonly name: string;
  /** What its resource says now. */
  readonly spec: Version['spec'];
  /** What was released last, and runs. */
  readonly released?: Version['spec'] | undefined;
  /** What was released before that and still runs somewhere. */
  readonly superseded?: readonly Version['spec'][] | undefined;
};

export type Verdict = {
  /** All that keeps it from being released, the most important first; empty when it can be. */
  readonly faults: readonly Fault[];
  /** The partners whose new versions are released with this one, as it does not fit their old ones. */
  readonly together: readonly string[];
};

/**
 * Whether the spec of a context can be released into this landscape, and if not, why. It must fit what is released of
 * each other context, and what still runs of it; of one of which nothing is released yet, what it says.
 *
 * Partners succeed or fail together: what cannot be released alone is released with what its partners say now, if all
 * of it fits then.
 */
export const judge = (name: string, landscape: readonly Mapped[]): Verdict => {
  const context = landscape.find((one) => one.name === name);
  const faults = context === undefined ? [] : faultsOf(inputFor(context, landscape));
  if (context === undefined || faults.length === 0) return { faults, together: [] };
  const partners = partnersOf(context, landscape);
  return fitTogether([context, ...partners], landscape)
    ? { faults: [], together: partners.map((one) => one.name) }
    : { faults, together: [] };
};

const faultsOf = (input: MapInput): Fault[] => checks.flatMap((check) => check(input) ?? []);

const specOf = ({ name, spec }: Mapped): Version => ({ name, spec });
const supersededOf = ({ name, superseded = [] }: Mapped): Version[] =>
  superseded.map((spec) => ({ name, spec, isSuperseded: true }));
const releasedOf = ({ name, released }: Mapped): Version | undefined => released && { name, spec: released };

const inputFor = (context: Mapped, landscape: readonly Mapped[]): MapInput => {
  const others = landscape.filter(({ name }) => name !== context.name);
  return {
    candidate: specOf(context),
    released: releasedOf(context),
    beside: others.flatMap((other) => [releasedOf(other) ?? specOf(other), ...supersededOf(other)]),
    consumers: others.flatMap((other) => [releasedOf(other) ?? [], supersededOf(other)].flat()),
    declared: others.map(specOf),
  };
};

/** What still runs of partners is theirs to deal with, as what is on its way between them. */
const fitTogether = (group: readonly Mapped[], landscape: readonly Mapped[]): boolean => {
  const after = (one: Mapped): Mapped =>
    group.includes(one) ? { ...one, released: one.spec, superseded: [] } : one;
  return group.every((member) => {
    const others = landscape.filter((one) => one !== member).map(after);
    return firstFailure(checks, inputFor(member, [member, ...others])) === undefined;
  });
};

/** Its partners, and theirs. */
const partnersOf = (context: Mapped, landscape: readonly Mapped[]): readonly Mapped[] => {
  const group = [context];
  for (const member of group) {
    const isNew = (one: Mapped) => !group.includes(one) && arePartners(specOf(member), specOf(one));
    group.push(...landscape.filter(isNew));
  }
  return group.slice(1);
};

import type { BoundedContextSpec } from '../api/bounded-context.ts';

/** One version of a bounded context, as far as the map is concerned: what it publishes, whom it depends on, and whether it is the front door. */
export type Version = {
  readonly name: string;
  readonly spec: Pick<BoundedContextSpec, 'version' | 'publishes' | 'upstreams'> &
    Partial<Pick<BoundedContextSpec, 'frontDoor'>>;
  /** Another one is released, and this one still runs in some cell. */
  readonly isSuperseded?: boolean;
};

/** `ordering 0.1.0` */
export const titleOf = ({ name, spec, isSuperseded = false }: Version): string =>
  `${name} ${spec.version}${isSuperseded ? ' (which some cell still runs)' : ''}`;

/** What a check looks at: one version, and the landscape that it would run in. */
export type MapInput = {
  readonly candidate: Version;
  /** The version of the same context that is released, if there is one. */
  readonly released: Version | undefined;
  /** The other contexts: what is released of each, or what it says while nothing is; and what still runs. */
  readonly beside: readonly Version[];
  /** Those of them that are released or still run, and must be able to read on. */
  readonly consumers: readonly Version[];
  /** What the other contexts declare now, released or not. */
  readonly declared: readonly Version[];
};

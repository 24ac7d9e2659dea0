import type { KubeObject } from './kube-object.ts';
import type { Resource } from './resource.ts';

export const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
};

export type LeaseSpec = {
  /** Empty or absent: nobody's. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  /** MicroTime, on the holder's clock: for people, never compared. */
  readonly acquireTime?: string;
  readonly renewTime?: string;
  /** Counts acquisitions. */
  readonly leaseTransitions?: number;
};

export type Lease = KubeObject & { readonly spec?: LeaseSpec };

/** `2026-01-31T12:00:00.000000Z` */
export const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');

/** A record as a candidate sees it, and since when on the candidate's own clock it has been like this. */
export type Sighting = { readonly text: string; readonly sinceMs: number };

/** A record that changed was renewed just now, whatever time it gives. */
export const sighting = (
  { spec = {} }: Lease,
  { before, nowMs }: { before: Sighting | undefined; nowMs: number },
): Sighting => {
  const text = JSON.stringify(spec);
  return before?.text === text ? before : { text, sinceMs: nowMs };
};

export type Looking = { readonly identity: string; readonly seen: Sighting; readonly nowMs: number };

/**
 * Whether the lease may be taken: it is nobody's, or its holder has not renewed it for as long as it said. One that is
 * ours without our leading is left from an answer that was lost, since no two candidates have one identity.
 */
export const isFree = ({ spec = {} }: Lease, { identity, seen, nowMs }: Looking): boolean => {
  const { holderIdentity = '', leaseDurationSeconds = 0 } = spec;
  if (holderIdentity === '' || holderIdentity === identity) return true;
  return nowMs - seen.sinceMs >= leaseDurationSeconds * 1_000;
};

export type Claim = {
  readonly identity: string;
  readonly leaseSeconds: number;
  readonly epoch: number;
  readonly at: Date;
};

export const claimed = ({ identity, leaseSeconds, epoch, at }: Claim): LeaseSpec => ({
  holderIdentity: identity,
  leaseDurationSeconds: leaseSeconds,
  acquireTime: microTime(at),
  renewTime: microTime(at),
  leaseTransitions: epoch,
});

/** As client-go leaves it: whoever looks next may take it. */
export const released = (spec: LeaseSpec, at: Date): LeaseSpec => ({
  ...spec,
  holderIdentity: '',
  leaseDurationSeconds: 1,
  renewTime: microTime(at),
});

import { isAlreadyExists, isConflict } from './api-error.ts';
import type { KubeClient } from './kube-client.ts';
import { keyParts, type ObjectKey } from './kube-object.ts';
import { claimed, isFree, type Lease, leases, type Sighting, sighting } from './lease-record.ts';
import { apiVersionOf } from './resource.ts';
import { createObject, findObject, replaceObject } from './verbs.ts';

/** The Lease at the API server. Each call ends within a limit, waits for a busy API server included. */
export interface LeaseAccess {
  find(): Promise<Lease | undefined>;
  create(spec: Lease['spec']): Promise<Lease>;
  /** @throws ApiError `Conflict` when it was written since `lease` was read. */
  replace(lease: Lease): Promise<Lease>;
}

export type LeaseAccessOptions = {
  readonly client: KubeClient;
  readonly key: ObjectKey;
  readonly limitMs: number;
};

export const leaseAccess = ({ client, key, limitMs }: LeaseAccessOptions): LeaseAccess => {
  const limited = () => ({ resource: leases, signal: AbortSignal.timeout(limitMs) });
  const type = { apiVersion: apiVersionOf(leases), kind: leases.kind };
  return {
    find: () => findObject<Lease>(client, { key, ...limited() }),
    create: (spec) => {
      const object = { ...type, metadata: keyParts(key), spec };
      return createObject<Lease>(client, { object, ...limited() });
    },
    replace: (object) => replaceObject<Lease>(client, { object, ...limited() }),
  };
};

/** A lease that was ours when it was read last. */
export type Held = {
  readonly lease: Lease;
  readonly epoch: number;
  /** On the clock of `performance.now()`, counted from before the request that took it. */
  readonly untilMs: number;
};

export type CandidateOptions = {
  readonly access: LeaseAccess;
  readonly identity: string;
  readonly leaseSeconds: number;
  readonly renewSeconds: number;
};

/** Looks whether the lease is free and takes it. The version in the request lets one of several succeed. */
export const candidate = ({ access, identity, leaseSeconds, renewSeconds }: CandidateOptions) => {
  let seen: Sighting | undefined;
  /** Remembered, so that a Lease that someone deleted does not begin at 1 again. */
  let lastEpoch = 0;

  const isTakeable = (lease: Lease): boolean => {
    const nowMs = performance.now();
    seen = sighting(lease, { before: seen, nowMs });
    return isFree(lease, { identity, seen, nowMs });
  };
  const take = async (lease: Lease | undefined): Promise<Held> => {
    const untilMs = performance.now() + renewSeconds * 1_000;
    const epoch = lastEpoch + 1;
    const spec = { ...lease?.spec, ...claimed({ identity, leaseSeconds, epoch, at: new Date() }) };
    const taken = lease ? await access.replace({ ...lease, spec }) : await access.create(spec);
    lastEpoch = epoch;
    return { lease: taken, epoch, untilMs };
  };
  /** Undefined while it is another's. @throws what keeps us from knowing. */
  return async (): Promise<Held | undefined> => {
    const lease = await access.find();
    lastEpoch = Math.max(lastEpoch, lease?.spec?.leaseTransitions ?? 0);
    if (lease && !isTakeable(lease)) return undefined;
    return take(lease).catch((error: unknown) => {
      // Another candidate was faster.
      if (isConflict(error) || isAlreadyExists(error)) return undefined;
      throw error;
    });
  };
};

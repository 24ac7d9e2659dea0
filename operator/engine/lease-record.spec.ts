import { deepEqual, equal } from 'node:assert/strict';
import {
  claimed,
  isFree,
  type Lease,
  type LeaseSpec,
  microTime,
  released,
  sighting,
} from './lease-record.ts';

const at = new Date('2026-01-31T12:00:00.123Z');

const aLease = (spec: LeaseSpec = {}): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace: 'a', name: 'b' },
  spec: { ...claimed({ identity: 'other', leaseSeconds: 15, epoch: 3, at }), ...spec },
});

const seenAt = (sinceMs: number) => sighting(aLease(), { before: undefined, nowMs: sinceMs });

describe('microTime', () => {
  it('has six digits', () => equal(microTime(at), '2026-01-31T12:00:00.123000Z'));
});

describe('sighting', () => {
  it('counts from when the record was first seen like this', () => {
    deepEqual(sighting(aLease(), { before: seenAt(100), nowMs: 5_000 }), seenAt(100));
  });

  it('counts anew when it was renewed, even to an earlier time', () => {
    const renewed = aLease({ renewTime: microTime(new Date(0)) });
    equal(sighting(renewed, { before: seenAt(100), nowMs: 5_000 }).sinceMs, 5_000);
  });
});

describe('isFree', () => {
  const looking = (nowMs: number) => ({ identity: 'me', seen: seenAt(100), nowMs });

  it('waits for as long as the holder said', () => equal(isFree(aLease(), looking(15_099)), false));

  it('takes it after that', () => equal(isFree(aLease(), looking(15_100)), true));

  it('takes what is nobody’s at once', () =>
    equal(isFree(aLease({ holderIdentity: '' }), looking(100)), true));

  it('takes what is its own at once', () =>
    equal(isFree(aLease({ holderIdentity: 'me' }), looking(100)), true));

  it('takes what was given back at once', () => {
    const { spec = {} } = aLease();
    equal(isFree(aLease(released(spec, at)), looking(100)), true);
  });
});

describe('released', () => {
  it('keeps the epoch', () => equal(released(aLease().spec ?? {}, at).leaseTransitions, 3));
});

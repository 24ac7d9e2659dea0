import assert from 'node:assert/strict';
import { differing } from './facts.ts';
import type { PlatformEvent } from './language.ts';
import { aPlanChanged, aSubscriptionChanged, aTenantProvisioned, aTenantRemoved } from './testing/events.ts';

const toldAfter = (last: PlatformEvent | undefined, event: PlatformEvent) =>
  differing(last === undefined ? {} : { last: JSON.stringify(last) }, event);

describe('a fact', () => {
  const active = aSubscriptionChanged({ state: 'Active' });
  const ended = aSubscriptionChanged({ state: 'Ended' });

  it('is news when it is the first or differs from the last', () => {
    const suspended = aSubscriptionChanged({ state: 'Suspended' });
    assert.deepEqual(toldAfter(undefined, active), [active]);
    assert.deepEqual(toldAfter(active, suspended), [suspended]);
  });
  it('is none when it says the same', () => {
    assert.deepEqual(toldAfter(active, aSubscriptionChanged({ state: 'Active' })), []);
  });
  it('does not begin with an end, nor with waiting', () => {
    const waiting = aSubscriptionChanged({ state: 'Waiting' });
    for (const event of [ended, waiting, aTenantRemoved(), aPlanChanged({ withdrawn: true })])
      assert.deepEqual(toldAfter(undefined, event), []);
    assert.deepEqual(toldAfter(active, waiting), [waiting]);
  });
  it('follows nothing that has ended', () => {
    assert.deepEqual(toldAfter(ended, active), []);
    assert.deepEqual(toldAfter(aTenantRemoved(), aTenantProvisioned()), []);
  });
  it('may follow a plan that was withdrawn: its name can be used again', () => {
    const plan = aPlanChanged();
    assert.deepEqual(toldAfter(aPlanChanged({ withdrawn: true }), plan), [plan]);
  });
});

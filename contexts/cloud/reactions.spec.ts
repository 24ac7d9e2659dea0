import assert from 'node:assert/strict';
import { simulate } from '../../kit/context/simulate.ts';
import { cloud } from './context.ts';
import { credential } from './credential.ts';
import { credentialOwner } from './credential-owner.ts';
import { planLimits } from './plan-limits.ts';
import { ACCOUNT, standing } from './standing.ts';

const AT = '2026-01-01T00:00:00.000Z';
const HASH = 'a'.repeat(64);
const NEW_HASH = 'b'.repeat(64);

const given = () => {
  const simulated = simulate(cloud);
  const tell = (type: string, data: object) => simulated.receive({ type, subject: 'x/1', data });
  return { ...simulated, tell };
};

const made = { keyId: 'k1', userId: 'ada', hash: HASH, scopes: ['*'], disabled: false, createdAt: AT };

describe('what the front door hears', () => {
  it('makes a credential of a key, and follows what becomes of it', () => {
    const { tell, stateOf } = given();
    const state = () => stateOf(credential.key('k1'));
    tell('subscriptions.key-created.v1', made);
    assert.deepEqual(state(), { status: 'active', keyId: 'k1', userId: 'ada', hash: HASH, scopes: ['*'] });
    tell('subscriptions.key-rotated.v1', {
      keyId: 'k1',
      hash: NEW_HASH,
      previous: { hash: HASH, until: AT },
      rotatedAt: AT,
    });
    assert.deepEqual(state(), {
      status: 'active',
      keyId: 'k1',
      userId: 'ada',
      hash: NEW_HASH,
      previous: { hash: HASH, until: AT },
      scopes: ['*'],
    });
    tell('subscriptions.key-disabled.v1', { keyId: 'k1', disabledAt: AT });
    assert.equal(state().status, 'disabled');
    tell('subscriptions.key-enabled.v1', { keyId: 'k1', enabledAt: AT });
    assert.equal(state().status, 'active');
    tell('subscriptions.key-deleted.v1', { keyId: 'k1', deletedAt: AT });
    assert.deepEqual(state(), { status: 'deleted' });
  });
  it('never makes a deleted key again', () => {
    const { tell, stateOf } = given();
    tell('subscriptions.key-deleted.v1', { keyId: 'k1', deletedAt: AT });
    tell('subscriptions.key-created.v1', made);
    assert.deepEqual(stateOf(credential.key('k1')), { status: 'deleted' });
  });
  it('publishes nothing of what it heard', () => {
    const { tell } = given();
    assert.deepEqual(tell('subscriptions.key-created.v1', made), []);
  });
  it('knows which users are disabled', () => {
    const { tell, stateOf } = given();
    tell('subscriptions.user-disabled.v1', { userId: 'ada', disabledAt: AT });
    assert.equal(stateOf(credentialOwner.key('ada')).disabled, true);
    tell('subscriptions.user-enabled.v1', { userId: 'ada', enabledAt: AT });
    assert.equal(stateOf(credentialOwner.key('ada')).disabled, false);
  });
  it('locks an account for its reasons until it is unlocked', () => {
    const { tell, stateOf } = given();
    tell('subscriptions.account-locked.v1', { reasons: ['overdraft', 'fraud'], lockedAt: AT });
    assert.deepEqual(stateOf(standing.key(ACCOUNT)).reasons, ['overdraft', 'fraud']);
    tell('subscriptions.account-unlocked.v1', { unlockedAt: AT });
    assert.deepEqual(stateOf(standing.key(ACCOUNT)).reasons, []);
  });
  it('takes the plan of the oldest active subscription', () => {
    const { tell, stateOf } = given();
    const plan = () => stateOf(standing.key(ACCOUNT)).plan;
    const changed = (subscriptionId: string, planName: string, state: string) =>
      tell('platform.subscription-changed.v1', { subscriptionId, plan: planName, state });
    changed('s1', 'starter', 'Active');
    changed('s2', 'large', 'Active');
    assert.equal(plan(), 'starter');
    changed('s1', 'starter', 'Suspended');
    assert.equal(plan(), 'large');
    changed('s1', 'starter', 'Active');
    assert.equal(plan(), 'starter');
    changed('s1', 'starter', 'Ended');
    assert.equal(plan(), 'large');
    changed('s2', 'large', 'Ended');
    assert.equal(plan(), undefined);
  });
  it('takes the limits of a plan', () => {
    const { tell, stateOf } = given();
    const quotas = { requestsPerSecond: 50, replicas: 1, cpu: '1', memory: '1Gi', storage: '1Gi' };
    tell('platform.plan-changed.v1', { plan: 'starter', quotas });
    assert.deepEqual(stateOf(planLimits.keyIn('platform', 'starter')), { requestsPerSecond: 50 });
  });
});

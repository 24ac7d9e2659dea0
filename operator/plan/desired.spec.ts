import assert from 'node:assert/strict';
import { type Plan, planSpec } from '../api/plan.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { aContext, aPlan, aSubscription, aTenant, LEAVING } from '../tenant/testing/objects.ts';
import { aWorld } from '../tenant/testing/world.ts';
import { desired, finalize } from './desired.ts';
import { observe } from './observe.ts';

const plan = aPlan('starter', { contexts: ['ordering', 'shipping'] });
const both = [aContext('ordering'), aContext('shipping')];

const given = (parent: Plan, ...objects: KubeObject[]) => {
  const observed = observe(parent, aWorld(...objects));
  const { conditions, status, effects = [] } = desired(parent, observed);
  return { ready: conditions.find(({ type }) => type === 'Ready'), status, effects };
};

describe('a plan', () => {
  describe('when all its contexts are released', () => {
    it('is ready and told to everyone', () => {
      const { ready, effects } = given(plan, ...both);
      assert.deepEqual([ready?.status, ready?.reason], ['True', 'Valid']);
      const [{ fact } = assert.fail()] = effects;
      assert.deepEqual([fact.about, fact.tenant, fact.id], ['plan', 'platform', 'starter']);
      assert.equal(fact.event.type === 'PlanChanged' && fact.event.data.withdrawn, false);
    });
  });
  describe('when it has prices', () => {
    it('tells them with what is included, and defaults', () => {
      const least = { currency: 'EUR', basePerMonth: 900, perUnit: { requests: 1 } };
      const told = (prices: object) => {
        const spec = planSpec.parse({ contexts: ['ordering', 'shipping'], prices });
        const [{ fact } = assert.fail()] = given(aPlan('starter', spec), ...both).effects;
        return fact.event.type === 'PlanChanged' ? fact.event.data.prices : undefined;
      };
      assert.deepEqual(told(least), { ...least, included: {}, trialDays: 0 });
      const whole = { ...least, included: { requests: 1_000 }, trialDays: 14 };
      assert.deepEqual(told(whole), whole);
    });
  });
  describe('when a context does not exist', () => {
    it('says which to apply, and is not told', () => {
      const { ready, effects } = given(plan, aContext('ordering'));
      assert.deepEqual([ready?.status, ready?.reason], ['False', 'ContextMissing']);
      assert.match(ready?.message ?? '', /BoundedContext shipping: apply it/);
      assert.deepEqual(effects, []);
    });
  });
  describe('when a context was never released', () => {
    it('points at the conditions of the context', () => {
      const { ready } = given(plan, aContext('ordering'), aContext('shipping', { released: false }));
      assert.deepEqual([ready?.status, ready?.reason], ['False', 'ContextNotReleased']);
    });
  });

  it('counts its subscriptions, without those that are being deleted', () => {
    const subscriptions = [
      aSubscription('one'),
      aSubscription('two'),
      aSubscription('going', { metadata: LEAVING }),
      aSubscription('other', { plan: 'gold' }),
    ];
    assert.deepEqual(given(plan, ...both, ...subscriptions).status, { subscriptions: 2 });
  });

  describe('when it is deleted', () => {
    const deleting = aPlan('starter', { metadata: LEAVING });
    const ending = (...objects: KubeObject[]) => finalize(deleting, observe(deleting, aWorld(...objects)));

    it('is withdrawn at once', () => {
      const [{ fact } = assert.fail()] = ending().effects ?? [];
      assert.equal(fact.event.type === 'PlanChanged' && fact.event.data.withdrawn, true);
    });
    it('waits for the subscriptions of tenants that exist, and names them', () => {
      const { waitingFor } = ending(aTenant('acme'), aSubscription('acme-starter'));
      assert.equal(waitingFor?.reason, 'PlanInUse');
      assert.match(waitingFor?.message ?? '', /acme-starter/);
    });
    it('goes when those left are of tenants that are gone', () => {
      assert.equal(ending(aSubscription('acme-starter')).waitingFor, undefined);
    });
  });
});

import assert from 'node:assert/strict';
import { aPlan, aSubscription, aTenant, LEAVING } from '../tenant/testing/objects.ts';
import { contextsOf, isolationOf, plansInEffect } from './in-effect.ts';

const plans = new Map(
  [
    aPlan('starter', { contexts: ['ordering', 'catalog'] }),
    aPlan('extra', { contexts: ['shipping', 'ordering'] }),
    aPlan('gold', { isolation: 'Dedicated' }),
  ].map((plan) => [plan.metadata.name, plan]),
);
const acme = aTenant('acme', { status: { cell: 'pool-1' } });
const inEffect = (...subscriptions: Parameters<typeof plansInEffect>[1]) =>
  plansInEffect(acme, subscriptions, (name) => plans.get(name)).map(({ metadata }) => metadata.name);

describe('the plans in effect', () => {
  it('are those of all subscriptions that count', () => {
    assert.deepEqual(inEffect(aSubscription('a'), aSubscription('b', { plan: 'extra' })), [
      'starter',
      'extra',
    ]);
  });
  it('leave out what is suspended, on its way out, or has no plan', () => {
    const out = [
      aSubscription('a', { suspended: true }),
      aSubscription('b', { plan: 'extra', metadata: LEAVING }),
      aSubscription('c', { plan: 'absent' }),
    ];
    assert.deepEqual(inEffect(...out), []);
  });
  it('leave out what would move the tenant', () => {
    assert.deepEqual(inEffect(aSubscription('a', { plan: 'gold' })), []);
  });
  it('have each plan once, and none whose first subscription is suspended', () => {
    assert.deepEqual(inEffect(aSubscription('a'), aSubscription('b')), ['starter']);
    assert.deepEqual(inEffect(aSubscription('a', { suspended: true }), aSubscription('b')), []);
  });
  it('have each context once, sorted', () => {
    assert.deepEqual(contextsOf([...plans.values()].slice(0, 2)), ['catalog', 'ordering', 'shipping']);
  });
});

describe('the isolation of a tenant', () => {
  it('shows in the name of its cell', () => {
    assert.equal(isolationOf(acme), 'Pooled');
    assert.equal(isolationOf(aTenant('acme', { status: { cell: 'acme' } })), 'Dedicated');
    assert.equal(isolationOf(aTenant('acme')), undefined);
  });
});

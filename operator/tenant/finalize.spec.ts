import assert from 'node:assert/strict';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { finalize } from './finalize.ts';
import type { TenantObserved } from './observe.ts';
import { aCell, aPlan, aRunningCell, aSubscription, aTenant, LEAVING } from './testing/objects.ts';

const leaving = (cell: string | undefined, overrides: Parameters<typeof aTenant>[1] = {}): Tenant =>
  aTenant('acme', { ...overrides, metadata: LEAVING, status: cell === undefined ? {} : { cell } });

const given = (tenant: Tenant, overrides: Partial<TenantObserved> = {}) => {
  const { effects = [], waitingFor } = finalize(tenant, {
    subscriptions: [],
    plans: new Map([['starter', aPlan()]]),
    placement: undefined,
    cell: undefined,
    namesake: undefined,
    ...overrides,
  });
  return { effects, types: effects.map(({ type }) => type), waitingFor };
};
const pooled = { placement: { cell: 'pool-1', isolation: 'Pooled' } } as const;

describe('a tenant that is deleted', () => {
  it('is told to be removed after its subscriptions have ended', () => {
    const tenant = leaving(undefined);
    const { effects, waitingFor } = given(tenant, {
      subscriptions: [aSubscription('one'), aSubscription('two')],
    });
    const told = effects.map((effect) =>
      effect.type === 'PublishFact' ? effect.fact.event.type : effect.type,
    );
    assert.deepEqual(told, ['SubscriptionChanged', 'SubscriptionChanged', 'TenantRemoved']);
    assert.equal(waitingFor, undefined);
  });

  describe('from a cell of its own', () => {
    const tenant = leaving('acme');
    const labels = { 'cadastre.dev/tenant': tenantIdOf(tenant) };
    it('has the cell deleted and waits until it is gone', () => {
      const cell = aCell('acme', { isolation: 'Dedicated', metadata: { labels, uid: 'the-one' } });
      const { effects, waitingFor } = given(tenant, { cell });
      assert.deepEqual(effects.at(-1), { type: 'DeleteCell', name: 'acme', uid: 'the-one' });
      assert.equal(waitingFor?.reason, 'CellTerminating');
    });
    it('only waits when that is on its way', () => {
      const cell = aCell('acme', { isolation: 'Dedicated', metadata: { labels, ...LEAVING } });
      const { types, waitingFor } = given(tenant, { cell });
      assert.deepEqual([types, waitingFor?.reason], [['PublishFact'], 'CellTerminating']);
    });
    it('goes when the cell is gone', () => {
      assert.equal(given(tenant).waitingFor, undefined);
    });
    it('leaves another’s cell of its name alone', () => {
      const cell = aCell('acme', {
        isolation: 'Dedicated',
        metadata: { labels: { 'cadastre.dev/tenant': 'acme-of-before' } },
      });
      const { types, waitingFor } = given(tenant, { cell });
      assert.deepEqual([types, waitingFor], [['PublishFact'], undefined]);
    });
  });

  describe('from a pooled cell', () => {
    it('waits until the cell serves it no more', () => {
      const tenant = leaving('pool-1');
      const cell = aRunningCell('pool-1', [{ name: 'acme', id: tenantIdOf(tenant) }]);
      const { types, waitingFor } = given(tenant, { ...pooled, cell });
      assert.deepEqual([types, waitingFor?.reason], [['PublishFact'], 'CellServesIt']);
    });
    it('has its documents removed then', () => {
      const tenant = leaving('pool-1');
      const { effects, waitingFor } = given(tenant, { ...pooled, cell: aRunningCell('pool-1', []) });
      const tenantId = tenantIdOf(tenant);
      assert.deepEqual(effects.at(-1), { type: 'RemoveDocuments', cell: 'pool-1', tenantId });
      assert.equal(waitingFor, undefined);
    });
    it('keeps them when they are to be retained, and the cell in any case', () => {
      const tenant = leaving('pool-1', { deletionPolicy: 'Retain' });
      const { types, waitingFor } = given(tenant, { ...pooled, cell: aRunningCell('pool-1', []) });
      assert.deepEqual([types, waitingFor], [['PublishFact'], undefined]);
    });
  });
});

import assert from 'node:assert/strict';
import { type Tenant, tenantIdOf } from '../api/tenant.ts';
import { desired } from './desired.ts';
import type { TenantObserved } from './observe.ts';
import {
  aCell,
  aCondition,
  aPlan,
  aRunningCell,
  aSubscription,
  aTenant,
  LEAVING,
} from './testing/objects.ts';

const starter = aPlan('starter');
const gold = aPlan('gold', { isolation: 'Dedicated', quotas: { ...starter.spec.quotas, cpu: '12' } });

const seen = (overrides: Partial<TenantObserved> = {}): TenantObserved => ({
  subscriptions: [aSubscription('acme-starter')],
  plans: new Map([
    ['starter', starter],
    ['gold', gold],
  ]),
  placement: undefined,
  cell: undefined,
  namesake: undefined,
  ...overrides,
});

const given = (tenant: Tenant, observed: Partial<TenantObserved> = {}) => {
  const { conditions, status, effects = [] } = desired(tenant, seen(observed));
  const told = (type: string) => {
    const { status: is, reason } = conditions.find((one) => one.type === type) ?? assert.fail(type);
    return [is, reason];
  };
  const message = (type: string) => conditions.find((one) => one.type === type)?.message ?? '';
  return { status, told, message, effects, types: effects.map(({ type }) => type) };
};

const placed = (overrides: Parameters<typeof aTenant>[1] = {}): Tenant =>
  aTenant('acme', { ...overrides, status: { cell: 'pool-1', ...overrides.status } });
const pooled = { placement: { cell: 'pool-1', isolation: 'Pooled' } } as const;
const cellOf = (tenant: Tenant, overrides: Parameters<typeof aRunningCell>[2] = {}) =>
  aRunningCell('pool-1', [{ name: 'acme', id: tenantIdOf(tenant) }], overrides);

describe('a tenant', () => {
  it('has a permanent id from the start', () => {
    const tenant = aTenant('acme');
    assert.deepEqual(given(tenant).status, { id: tenantIdOf(tenant) });
    assert.match(tenantIdOf(tenant), /^acme-\d{8}$/);
  });

  describe('without a subscription', () => {
    it('is not placed and says what to apply', () => {
      const { told, message, types } = given(aTenant(), { subscriptions: [] });
      assert.deepEqual(
        [told('Placed'), told('Ready')],
        [
          ['False', 'NoSubscription'],
          ['False', 'NoSubscription'],
        ],
      );
      assert.match(message('Placed'), /spec\.tenant is acme/);
      assert.deepEqual(types, []);
    });
  });
  describe('whose plans do not exist', () => {
    it('is not placed and names them', () => {
      const { told, message } = given(aTenant(), { plans: new Map() });
      assert.deepEqual(told('Placed'), ['False', 'PlanMissing']);
      assert.match(message('Placed'), /no Plan starter/);
    });
  });
  describe('that wants a cell of its own', () => {
    const subscriptions = [aSubscription('acme-gold', { plan: 'gold' })];
    it('is not placed while the cell of its name is another’s', () => {
      const namesakes = [
        aCell('acme'),
        aCell('acme', {
          isolation: 'Dedicated',
          metadata: { labels: { 'cadastre.dev/tenant': 'acme-of-before' } },
        }),
      ];
      for (const namesake of namesakes) {
        assert.deepEqual(given(aTenant(), { subscriptions, namesake }).told('Placed'), [
          'False',
          'CellNameTaken',
        ]);
      }
    });
    it('cannot have the platform’s', () => {
      assert.deepEqual(given(aTenant('platform'), { subscriptions }).told('Placed'), [
        'False',
        'CellNameTaken',
      ]);
    });
    it('has it made with its id, and with no quotas of its own', () => {
      const tenant = aTenant();
      const placement = { cell: 'acme', isolation: 'Dedicated' } as const;
      const [effect = assert.fail()] = given(tenant, { subscriptions, placement }).effects;
      assert.ok(effect.type === 'CreateCell');
      const { metadata, spec } = effect.cell;
      assert.equal(metadata.labels?.['cadastre.dev/tenant'], tenantIdOf(tenant));
      assert.deepEqual([spec.isolation, spec.namespace], ['Dedicated', 'cadastre-acme']);
      assert.deepEqual(spec.quotas, {});
    });
  });

  describe('that was given a place', () => {
    it('has it recorded, and a missing cell made', () => {
      const { status, told, types } = given(aTenant(), pooled);
      assert.equal(status['cell'], 'pool-1');
      assert.deepEqual(
        [told('Placed'), told('Ready')],
        [
          ['True', 'Placed'],
          ['False', 'CellMissing'],
        ],
      );
      assert.deepEqual(types, ['CreateCell']);
    });
    it('keeps it when all its subscriptions are gone', () => {
      const tenant = placed();
      const { status, told } = given(tenant, { ...pooled, subscriptions: [], cell: cellOf(tenant) });
      assert.equal(status['cell'], 'pool-1');
      assert.deepEqual(
        [told('Placed'), told('Ready')],
        [
          ['True', 'Placed'],
          ['False', 'NoSubscription'],
        ],
      );
    });
    it('waits for its cell, and says why it is not ready', () => {
      const tenant = placed();
      const conditions = [aCondition('Ready', 'False', 'the image ordering:2 cannot be pulled')];
      const { told, message, types } = given(tenant, {
        ...pooled,
        cell: cellOf(tenant, { status: { conditions } }),
      });
      assert.deepEqual(
        [told('Ready'), told('Provisioned')],
        [
          ['False', 'CellNotReady'],
          ['False', 'NeverReady'],
        ],
      );
      assert.match(message('Ready'), /cannot be pulled/);
      assert.deepEqual(types, []);
    });
    it('waits for a cell that has not taken it up, though that is ready', () => {
      const cell = aRunningCell('pool-1', [{ name: 'other', id: 'other-1' }]);
      assert.deepEqual(given(placed(), { ...pooled, cell }).told('Ready'), ['False', 'CellNotReady']);
    });
    it('has a cell that was deleted made anew once it is gone', () => {
      const cell = cellOf(placed(), { metadata: LEAVING });
      const { told, types } = given(placed(), { ...pooled, cell });
      assert.deepEqual([told('Ready'), types], [['False', 'CellTerminating'], []]);
    });
  });

  describe('whose cell runs it', () => {
    const tenant = placed();
    const cell = cellOf(tenant, { contexts: ['shipping', 'ordering'] });
    it('is ready, with its endpoints', () => {
      const { told, status } = given(tenant, { ...pooled, cell });
      assert.deepEqual(told('Ready'), ['True', 'Running']);
      assert.deepEqual(status['endpoints'], {
        ordering: 'http://ordering.cadastre-pool-1.svc',
        shipping: 'http://shipping.cadastre-pool-1.svc',
      });
    });
    it('is told to the contexts', () => {
      const [effect = assert.fail()] = given(tenant, { ...pooled, cell }).effects;
      assert.ok(effect.type === 'PublishFact' && effect.fact.event.type === 'TenantProvisioned');
      assert.equal(effect.fact.tenant, tenantIdOf(tenant));
      assert.equal(effect.fact.event.data.cell, 'pool-1');
    });
    it('is still told of when its cell is not ready later', () => {
      const provisioned = placed({ status: { conditions: [aCondition('Provisioned', 'True')] } });
      const { told, types } = given(provisioned, pooled);
      assert.deepEqual(
        [told('Provisioned'), types],
        [
          ['True', 'Announced'],
          ['CreateCell', 'PublishFact'],
        ],
      );
    });
  });

  describe('that is suspended', () => {
    it('is not ready, and the contexts are told', () => {
      const tenant = placed({ suspended: true, status: { conditions: [aCondition('Provisioned', 'True')] } });
      const { told, effects } = given(tenant, { ...pooled, cell: cellOf(tenant) });
      assert.deepEqual(told('Ready'), ['False', 'Suspended']);
      const [effect = assert.fail()] = effects;
      assert.ok(effect.type === 'PublishFact' && effect.fact.event.type === 'TenantProvisioned');
      assert.equal(effect.fact.event.data.suspended, true);
    });
  });
});

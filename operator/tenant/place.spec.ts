import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cell } from '../api/cell.ts';
import { type Placed, type Placing, place } from './place.ts';
import { aCell, aPlan, aTenant, LEAVING } from './testing/objects.ts';

const inCell = (cell: string, ...names: string[]): Placed[] => names.map((name) => ({ name, cell }));

const placing = (overrides: Partial<Placing> = {}): Placing => ({
  tenant: aTenant('acme'),
  plan: aPlan('starter'),
  cells: [],
  tenants: [],
  capacity: 2,
  ...overrides,
});

describe('place', () => {
  describe('when the plan is pooled', () => {
    it('names a new cell when there is none', () => {
      assert.deepEqual(place(placing()), { cell: 'pool-1', isolation: 'Pooled' });
    });
    it('takes the first cell that has room', () => {
      const cells = [aCell('pool-2'), aCell('pool-1', { capacity: 1 })];
      assert.equal(place(placing({ cells })).cell, 'pool-1');
      assert.equal(place(placing({ cells, tenants: inCell('pool-1', 'other') })).cell, 'pool-2');
    });
    it('counts cells as numbers', () => {
      const cells = [aCell('pool-10'), aCell('pool-9')];
      assert.equal(place(placing({ cells })).cell, 'pool-9');
    });
    it('names the next cell when all are full', () => {
      const cells = [aCell('pool-1', { capacity: 1 })];
      assert.equal(place(placing({ cells, tenants: inCell('pool-1', 'other') })).cell, 'pool-2');
    });
    it('fills a cell that is still to be made before it names another', () => {
      assert.equal(place(placing({ tenants: inCell('pool-1', 'other') })).cell, 'pool-1');
      assert.equal(place(placing({ tenants: inCell('pool-1', 'other', 'third') })).cell, 'pool-2');
    });
    it('leaves dedicated cells, and cells that are being deleted, alone', () => {
      const cells = [aCell('dora', { isolation: 'Dedicated' }), aCell('pool-1', { metadata: LEAVING })];
      assert.equal(place(placing({ cells, tenants: inCell('dora', 'dora') })).cell, 'pool-2');
    });
    it('never uses a cell of its own name: that would be a dedicated one', () => {
      const tenant = aTenant('pool-1');
      assert.equal(place(placing({ tenant, cells: [aCell('pool-1')] })).cell, 'pool-2');
    });
    it('leaves the name of a tenant that may want it', () => {
      assert.equal(place(placing({ tenants: [{ name: 'pool-1', cell: undefined }] })).cell, 'pool-2');
    });
  });
  describe('when the plan is dedicated', () => {
    it('names a cell after the tenant, whatever room there is elsewhere', () => {
      const plan = aPlan('gold', { isolation: 'Dedicated' });
      const placement = place(placing({ plan, cells: [aCell('pool-1')] }));
      assert.deepEqual(placement, { cell: 'acme', isolation: 'Dedicated' });
    });
  });

  it('never exceeds a capacity, and opens no cell while another has room', () => {
    const capacity = fc.integer({ min: 1, max: 4 });
    const tenants = fc.array(fc.boolean(), { maxLength: 30 });
    const property = fc.property(
      capacity,
      fc.array(capacity, { maxLength: 4 }),
      tenants,
      (fresh, rooms, all) => {
        const cells: Cell[] = rooms.map((room, index) => aCell(`pool-${index + 1}`, { capacity: room }));
        const placed: Placed[] = [];
        for (const [index, isDedicated] of all.entries()) {
          const tenant = aTenant(`t${index}`);
          const plan = aPlan('any', { isolation: isDedicated ? 'Dedicated' : 'Pooled' });
          const { cell } = place({ tenant, plan, cells, tenants: placed, capacity: fresh });
          placed.push({ name: tenant.metadata.name, cell });
        }
        const roomOf = (name: string) =>
          cells.find((one) => one.metadata.name === name)?.spec.capacity ?? fresh;
        const pools = Map.groupBy(
          placed.filter(({ name, cell }) => name !== cell),
          ({ cell }) => cell ?? '',
        );
        const full = [...pools].filter(([name, { length }]) => length === roomOf(name));
        assert.ok([...pools].every(([name, { length }]) => length <= roomOf(name)));
        assert.ok(pools.size - full.length <= 1, 'at most one cell in use has room left');
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

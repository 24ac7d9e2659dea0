import assert from 'node:assert/strict';
import type { Cell } from '../api/cell.ts';
import type { Tenant } from '../api/tenant.ts';
import { placer, type Truth } from './placer.ts';
import { aCell, aPlan, aTenant } from './testing/objects.ts';

/** What the API server would answer; it counts how often it was read. */
const aTruth = (tenants: Tenant[], cells: Cell[] = []) => {
  const truth = { reads: 0, tenants, cells };
  const read: Truth['read'] = async () => {
    truth.reads += 1;
    await new Promise(setImmediate);
    return { tenants: truth.tenants, cells: truth.cells };
  };
  const readTenant: Truth['readTenant'] = async (name) =>
    truth.tenants.find(({ metadata }) => metadata.name === name);
  return Object.assign(truth, { read, readTenant });
};

const plan = aPlan('starter');
const tenantsNamed = (count: number) => Array.from({ length: count }, (_, index) => aTenant(`t${index}`));
const recordedIn = (tenant: Tenant, cell: string): Tenant => ({
  ...tenant,
  status: { conditions: [], cell },
});

describe('the placer', () => {
  it('keeps to the capacity when many ask at once and nothing is recorded yet', async () => {
    const tenants = tenantsNamed(30);
    const truth = aTruth(tenants);
    const { place } = placer(truth, { capacity: 7 });
    const placements = await Promise.all(tenants.map((tenant) => place(tenant, plan)));
    const counts = [...Map.groupBy(placements, ({ cell }) => cell)].map(([cell, { length }]) => [
      cell,
      length,
    ]);
    assert.deepEqual(counts, [
      ['pool-1', 7],
      ['pool-2', 7],
      ['pool-3', 7],
      ['pool-4', 7],
      ['pool-5', 2],
    ]);
  });
  it('decides for all that wait after one reading', async () => {
    const tenants = tenantsNamed(30);
    const truth = aTruth(tenants);
    const { place } = placer(truth, { capacity: 50 });
    await Promise.all(tenants.map((tenant) => place(tenant, plan)));
    assert.ok(truth.reads <= 2);
  });
  it('reads nobody else for a cell of its own', async () => {
    const [tenant] = tenantsNamed(1) as [Tenant];
    const truth = aTruth([tenant]);
    const { place } = placer(truth, { capacity: 7 });
    const dedicated = aPlan('large', { isolation: 'Dedicated' });
    assert.deepEqual(await place(tenant, dedicated), { cell: 't0', isolation: 'Dedicated' });
    assert.equal(truth.reads, 0);
    // Asked for another kind of cell before that is recorded.
    assert.equal((await place(tenant, plan)).cell, 't0');
  });
  it('keeps to what is recorded when a cache is behind', async () => {
    const [tenant] = tenantsNamed(1) as [Tenant];
    const { place } = placer(aTruth([recordedIn(tenant, 'pool-1')]), { capacity: 7 });
    const dedicated = aPlan('large', { isolation: 'Dedicated' });
    assert.deepEqual(await place(tenant, dedicated), { cell: 'pool-1', isolation: 'Pooled' });
  });
  it('answers the same until the placement is recorded, whatever has changed', async () => {
    const tenants = tenantsNamed(2);
    const [first, second] = tenants as [Tenant, Tenant];
    const truth = aTruth(tenants);
    const { place } = placer(truth, { capacity: 1 });
    const before = await place(first, plan);
    truth.cells = [aCell('another', { capacity: 9 })];
    assert.deepEqual(await place(first, plan), before);
    assert.equal((await place(second, plan)).cell, 'another');
  });
  it('counts a placement once when it is recorded', async () => {
    const tenants = tenantsNamed(2);
    const [first, second] = tenants as [Tenant, Tenant];
    const truth = aTruth(tenants);
    const { place } = placer(truth, { capacity: 2 });
    const { cell } = await place(first, plan);
    truth.tenants = [recordedIn(first, cell), second];
    assert.equal((await place(second, plan)).cell, cell);
  });
  it('answers what is recorded to one who looked at an old cache', async () => {
    const [tenant] = tenantsNamed(1) as [Tenant];
    const { place } = placer(aTruth([recordedIn(tenant, 'pool-7')], [aCell('pool-1')]), { capacity: 1 });
    assert.deepEqual(await place(tenant, plan), { cell: 'pool-7', isolation: 'Pooled' });
  });
  it('gives the place of a tenant that is gone to another, also under the same name', async () => {
    const [first, second] = [aTenant('acme'), aTenant('acme')];
    const truth = aTruth([first]);
    const { place } = placer(truth, { capacity: 1 });
    const { cell } = await place(first, plan);
    truth.tenants = [second];
    assert.equal((await place(second, plan)).cell, cell);
  });
  it('fails those who asked when it cannot read, and goes on with the next', async () => {
    const [tenant] = tenantsNamed(1) as [Tenant];
    const truth = aTruth([tenant]);
    let isDown = true;
    const read: Truth['read'] = async () => {
      if (isDown) throw new Error('the API server is away');
      return await truth.read();
    };
    const { place } = placer({ ...truth, read }, { capacity: 1 });
    await assert.rejects(place(tenant, plan), /is away/);
    isDown = false;
    assert.equal((await place(tenant, plan)).cell, 'pool-1');
  });
});

import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { testServers } from '../../local/servers/for-tests.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { type Tenant, tenantIdOf, tenantKind } from '../api/tenant.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { listPage } from '../engine/verbs.ts';
import { type TenantDeps, tenantController } from './controller.ts';
import { type Cluster, openCluster } from './testing/cluster.ts';
import { aCell, aPlan, aSubscription, aTenant, LEAVING } from './testing/objects.ts';
import { finalizeOnce, reconcileOnce } from './testing/reconcile-once.ts';
import { aWorld } from './testing/world.ts';

describe('placement on an API server', () => {
  let cluster: Cluster;
  let deps: TenantDeps;
  let mongo: MongoClient;
  const starter = aPlan('starter');
  const gold = aPlan('gold', { isolation: 'Dedicated', quotas: { ...starter.spec.quotas, cpu: '12' } });

  before(async function () {
    this.timeout(120_000);
    cluster = await openCluster();
    // What specs before this one have left would have room.
    const { items } = await listPage<Cell>(cluster.kube, { resource: cellKind });
    for (const { metadata } of items) await cluster.remove(cellKind, metadata.name);
    mongo = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    deps = { kube: cluster.kube, mongo, facts: { publish: async () => undefined } };
  });
  after(async () => {
    await cluster.stop();
    await mongo.close();
  });

  const makeTenant = (name: string): Promise<Tenant> => cluster.make(tenantKind, aTenant(name));
  const subscribed = ({ metadata: { name } }: Tenant, plan: string): KubeObject =>
    aSubscription(`${name}-${plan}`, { tenant: name, plan });
  const cellOf = async ({ metadata: { name } }: Tenant): Promise<string> =>
    (await cluster.find<Tenant>(tenantKind, name))?.status?.cell ?? assert.fail(`${name} has no cell`);

  /** An operator whose caches know the plans and subscriptions, and nothing of cells or of who was placed. */
  const anOperator = (tenants: readonly Tenant[], plan = 'starter', ...more: readonly KubeObject[]) => ({
    kube: cluster.kube,
    controller: tenantController(deps),
    world: aWorld(starter, gold, ...tenants, ...tenants.map((one) => subscribed(one, plan)), ...more),
  });

  describe('of many tenants at once in pooled cells', () => {
    const capacities = new Map([
      ['placed-a', 3],
      ['placed-b', 2],
    ]);
    let tenants: Tenant[];

    it('exceeds no capacity, though no cache has heard of any placement', async function () {
      this.timeout(60_000);
      for (const [name, capacity] of capacities) await cluster.make(cellKind, aCell(name, { capacity }));
      tenants = await Promise.all(Array.from({ length: 12 }, (_, index) => makeTenant(`placed-${index}`)));
      const operator = anOperator(tenants);
      await Promise.all(tenants.map((tenant) => reconcileOnce(operator, tenant)));
      const cells = await Promise.all(tenants.map(cellOf));
      const counts = Map.groupBy(cells, (name) => name);
      for (const [name, capacity] of capacities) assert.equal(counts.get(name)?.length, capacity);
    });
    it('has made the cells that were missing', async () => {
      const names = new Set(await Promise.all(tenants.map(cellOf)));
      for (const name of names) {
        const cell = (await cluster.find<Cell>(cellKind, name)) ?? assert.fail(`there is no cell ${name}`);
        assert.equal(cell.spec.isolation, 'Pooled');
      }
      const [made = assert.fail()] = [...names].filter((name) => !capacities.has(name));
      const { spec } = (await cluster.find<Cell>(cellKind, made)) ?? assert.fail();
      assert.equal(spec.namespace, `cadastre-${made}`);
    });
    it('stays as it is when all are looked at again, by another operator too', async () => {
      const before = await Promise.all(tenants.map(cellOf));
      for (const operator of [anOperator(tenants), anOperator(tenants)])
        await Promise.all(tenants.map((tenant) => reconcileOnce(operator, tenant)));
      assert.deepEqual(await Promise.all(tenants.map(cellOf)), before);
    });
    after(async () => {
      for (const tenant of tenants) {
        const cell = await cellOf(tenant);
        if (/^pool-\d+$/.test(cell)) await cluster.remove(cellKind, cell);
      }
    });
  });

  describe('in a cell of its own', () => {
    it('makes the cell for that very tenant', async () => {
      const tenant = await makeTenant('lone');
      await reconcileOnce(anOperator([tenant], 'gold'), tenant);
      const cell = (await cluster.find<Cell>(cellKind, 'lone')) ?? assert.fail();
      assert.equal(cell.metadata.labels?.['cadastre.dev/tenant'], tenantIdOf(tenant));
      assert.equal(cell.spec.isolation, 'Dedicated');
      assert.equal(await cellOf(tenant), 'lone');
    });
    it('goes on after a crash between the cell and the status', async () => {
      const tenant = await makeTenant('crashed');
      const { controller, world } = anOperator([tenant], 'gold');
      const { effects = [] } = controller.desired(tenant, await controller.observe(tenant, world));
      const means = { client: cluster.kube, signal: AbortSignal.timeout(60_000) };
      for (const effect of effects) await controller.perform?.(effect, tenant, means);
      assert.ok(await cluster.find(cellKind, 'crashed'));
      await reconcileOnce(anOperator([tenant], 'gold'), tenant);
      assert.equal(await cellOf(tenant), 'crashed');
      await cluster.remove(cellKind, 'crashed');
    });
    it('never takes a cell that is another’s, even one that no cache shows', async () => {
      const labels = { 'cadastre.dev/tenant': 'taken-of-before' };
      await cluster.make(cellKind, aCell('taken', { isolation: 'Dedicated', metadata: { labels } }));
      const tenant = await makeTenant('taken');
      await assert.rejects(reconcileOnce(anOperator([tenant], 'gold'), tenant), { reason: 'CellNameTaken' });
      assert.equal((await cluster.find<Tenant>(tenantKind, 'taken'))?.status?.cell, undefined);
    });
  });

  describe('ends with the tenant', () => {
    const leaving = (tenant: Tenant, cell: string): Tenant => ({
      ...tenant,
      metadata: { ...tenant.metadata, ...LEAVING },
      status: { conditions: [], cell },
    });
    it('deletes its own cell, also one that no cache shows yet, and waits until it is gone', async () => {
      const tenant = (await cluster.find<Tenant>(tenantKind, 'lone')) ?? assert.fail();
      const operator = anOperator([]);
      assert.equal(await finalizeOnce(operator, leaving(tenant, 'lone')), 'CellTerminating');
      assert.equal(await cluster.find(cellKind, 'lone'), undefined);
      assert.equal(await finalizeOnce(operator, leaving(tenant, 'lone')), undefined);
    });
    it('leaves another’s cell of its name', async () => {
      const tenant = (await cluster.find<Tenant>(tenantKind, 'taken')) ?? assert.fail();
      assert.equal(await finalizeOnce(anOperator([]), leaving(tenant, 'taken')), undefined);
      assert.ok(await cluster.find(cellKind, 'taken'));
    });
  });
});

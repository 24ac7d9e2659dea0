import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { boundedContextKind } from '../api/bounded-context.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { planKind } from '../api/plan.ts';
import { subscriptionKind } from '../api/subscription.ts';
import { tenantKind } from '../api/tenant.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import type { Resource } from '../engine/resource.ts';
import { until } from '../engine/testing/ground.ts';
import { createObject, deleteObject, findObject, listPage, mergePatch } from '../engine/verbs.ts';
import { accessIn, type StoredSecret } from './access.ts';
import { cellChildren, deployments, namespaces, resourceQuotas, secrets } from './resources.ts';
import { clear, make, startCells } from './testing/cells.ts';
import { type GuardedServers, guardedServers } from './testing/guarded-servers.ts';
import { aCell, aContext, aPlan, aSubscription, aTenant } from './testing/objects.ts';
import { letsIn } from './testing/site.ts';

type Deployment = KubeObject & {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
};

type ResourceQuota = KubeObject & { readonly spec: { readonly hard: Readonly<Record<string, string>> } };

describe('a cell on a real API server', function () {
  this.timeout(90_000);
  let servers: GuardedServers;
  let cells: Awaited<ReturnType<typeof startCells>>;
  let name: string;
  let namespace: string;

  before(async () => {
    servers = await guardedServers();
    cells = await startCells(servers);
  });
  after(() => cells?.stop());

  const at = (resource: Resource, key: string) => ({ resource, key });
  const find = <T extends KubeObject>(resource: Resource, key: string) =>
    findObject<T>(cells.people, at(resource, key));
  const change = (resource: Resource, key: string, patch: object) =>
    mergePatch(cells.people, { ...at(resource, key), patch });
  const cell = () => find<Cell>(cellKind, name);
  const ready = async () => (await cell())?.status?.conditions.find(({ type }) => type === 'Ready');
  const untilReason = (reason: string) => until(async () => (await ready())?.reason === reason);
  const deployment = (context: string) => find<Deployment>(deployments, `${namespace}/${context}`);
  const imageOf = async (context: string) =>
    (await deployment(context))?.spec.template.spec.containers[0]?.image;
  const release = (context: string, image: string) =>
    mergePatch(cells.people, {
      ...at(boundedContextKind, context),
      subresource: 'status',
      patch: { status: { released: { image } } },
    });

  /** As the controller of Deployments would say it. */
  const fares = async (context: string, isWell: boolean) => {
    const found = await deployment(context);
    const replicas = found?.spec.replicas ?? 1;
    const reason = isWell ? 'NewReplicaSetAvailable' : 'ProgressDeadlineExceeded';
    const status = {
      observedGeneration: found?.metadata.generation,
      replicas: isWell ? replicas : replicas + 1,
      updatedReplicas: isWell ? replicas : 1,
      readyReplicas: replicas,
      availableReplicas: replicas,
      conditions: [{ type: 'Progressing', status: isWell ? 'True' : 'False', reason }],
    };
    const key = `${namespace}/${context}`;
    await mergePatch(cells.people, { ...at(deployments, key), subresource: 'status', patch: { status } });
  };
  const allWell = async () => {
    await until(
      async () => (await deployment('catalog')) !== undefined && (await deployment('ordering')) !== undefined,
    );
    for (const context of ['catalog', 'ordering']) await fares(context, true);
    await untilReason('Running');
  };

  beforeEach(async () => {
    name = `t${randomUUID().slice(-8)}`;
    namespace = `cadastre-${name}`;
    const { people } = cells;
    for (const context of ['catalog', 'ordering'])
      await make(people, boundedContextKind, aContext({}, context));
    await make(people, planKind, aPlan());
    await make(people, tenantKind, aTenant({ status: { cell: name } }, name));
    await make(people, subscriptionKind, aSubscription({ spec: { tenant: name } }));
  });
  afterEach(async () => {
    await clear(cells.people);
    await until(async () => (await cell()) === undefined);
  });
  const live = async () => {
    await make(cells.people, cellKind, aCell({}, name));
    await allWell();
  };

  it('comes to be: its contexts run with accounts of their own', async () => {
    await live();
    const { status } = (await cell()) ?? {};
    deepEqual(status?.databases, [`${name}-catalog`, `${name}-ordering`]);
    deepEqual(
      status?.contexts?.map((one) => `${one.name} ${one.image} ${one.ready}`),
      ['catalog shop/catalog:1 true', 'ordering shop/ordering:1 true'],
    );
    const access = accessIn(await find<StoredSecret>(secrets, `${namespace}/ordering`));
    deepEqual(access && (await letsIn(access)), { mongodb: true, redis: true });
  });

  it('is left alone when it is as it should be', async () => {
    await live();
    const nudge = async () => {
      const before = await cells.rounds();
      await change(cellKind, name, { metadata: { annotations: { 'example.dev/nudge': randomUUID() } } });
      await until(async () => (await cells.rounds()) > before);
    };
    await nudge();
    const before = cells.writes();
    await nudge();
    await nudge();
    equal(cells.writes(), before);
  });

  it('updates one context after the other, and takes back what does not become ready', async () => {
    await live();
    await release('catalog', 'shop/catalog:2');
    await release('ordering', 'shop/ordering:2');
    await until(async () => (await imageOf('catalog')) === 'shop/catalog:2');
    equal(await imageOf('ordering'), 'shop/ordering:1');
    await fares('catalog', true);
    await until(async () => (await imageOf('ordering')) === 'shop/ordering:2');
    await fares('ordering', false);
    await until(async () => (await imageOf('ordering')) === 'shop/ordering:1');
    await fares('ordering', true);
    await untilReason('RolledBack');
    await until(async () => (await cell())?.status?.contexts?.[1]?.ready === true);
    equal((await cell())?.status?.contexts?.[1]?.refusedImage, 'shop/ordering:2');
    await release('ordering', 'shop/ordering:3');
    await until(async () => (await imageOf('ordering')) === 'shop/ordering:3');
    await fares('ordering', true);
    await untilReason('Running');
  });

  it('follows the quotas of its plan, but never below what runs', async () => {
    await live();
    const memory = async () => {
      const quota = await find<ResourceQuota>(resourceQuotas, `${namespace}/quota`);
      return quota?.spec.hard['requests.memory'];
    };
    equal(await memory(), '8Gi');
    await change(planKind, 'shop', { spec: { quotas: { memory: '9Gi' } } });
    await until(async () => (await memory()) === '9Gi');
    await change(planKind, 'shop', { spec: { quotas: { memory: '200Mi' } } });
    await untilReason('QuotaTooSmall');
    // Two contexts of 192Mi, and one more of them during an update.
    await until(async () => (await memory()) === '576Mi');
    deepEqual([await imageOf('catalog'), await imageOf('ordering')], ['shop/catalog:1', 'shop/ordering:1']);
    await change(planKind, 'shop', { spec: { quotas: { memory: '1Gi' } } });
    await untilReason('Running');
    await until(async () => (await memory()) === '1Gi');
  });

  it('sleeps and wakes', async () => {
    await live();
    await change(deployments, `${namespace}/catalog`, { spec: { replicas: 2 } });
    await change(tenantKind, name, { spec: { suspended: true } });
    await untilReason('Suspended');
    deepEqual(
      [(await deployment('catalog'))?.spec.replicas, (await deployment('ordering'))?.spec.replicas],
      [0, 0],
    );
    await change(tenantKind, name, { spec: { suspended: false } });
    await until(async () => (await deployment('catalog'))?.spec.replicas === 1);
    await allWell();
  });

  it('makes a Secret anew that someone deleted, and it works', async () => {
    await live();
    const key = `${namespace}/ordering`;
    const before = await find<StoredSecret>(secrets, key);
    await deleteObject(cells.people, at(secrets, key));
    await until(async () => (await find(secrets, key)) !== undefined);
    const after = await find<StoredSecret>(secrets, key);
    notEqual(after?.metadata.uid, before?.metadata.uid);
    const access = accessIn(after);
    deepEqual(access && (await letsIn(access)), { mongodb: true, redis: true });
  });

  it('touches nothing of a namespace that was there before it', async () => {
    const theirs = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    await createObject(cells.people, { resource: namespaces, object: theirs });
    await make(cells.people, cellKind, aCell({}, name));
    await untilReason('NotOurs');
    const within = cellChildren.filter(({ namespaced }) => namespaced);
    const pages = await Promise.all(
      within.map((resource) => listPage(cells.people, { resource, namespace })),
    );
    deepEqual(
      pages.flatMap(({ items }) => items),
      [],
    );
    const client = new MongoClient(servers.mongodbUri);
    const { users } = await client.db(`${name}-ordering`).command({ usersInfo: 1 });
    await client.close();
    deepEqual(users, []);
    await deleteObject(cells.people, at(cellKind, name));
    await until(async () => (await cell()) === undefined);
    const left = await find(namespaces, namespace);
    ok(left && left.metadata.deletionTimestamp === undefined);
    await deleteObject(cells.people, at(namespaces, namespace));
  });

  it('goes with all that it had', async () => {
    await live();
    const access = accessIn(await find<StoredSecret>(secrets, `${namespace}/ordering`));
    ok(access);
    await letsIn(access);
    // Its tenant leaves, and stays until the cell has gone: that is the tenant controller's part.
    await change(tenantKind, name, { metadata: { finalizers: ['example.dev/held'] } });
    await deleteObject(cells.people, at(tenantKind, name));
    await deleteObject(cells.people, at(cellKind, name));
    await until(async () => (await cell()) === undefined);
    await until(async () => (await find(namespaces, namespace)) === undefined);
    deepEqual(await letsIn(access), { mongodb: false, redis: false });
    const client = new MongoClient(servers.mongodbUri);
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    await client.close();
    deepEqual(
      databases.filter((one) => one.name.startsWith(name)),
      [],
    );
    await change(tenantKind, name, { metadata: { finalizers: null } });
  });
});

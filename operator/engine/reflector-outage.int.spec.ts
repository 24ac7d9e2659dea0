import { deepEqual } from 'node:assert/strict';
import { Registry } from 'prom-client';
import { type ControlPlane, startControlPlane } from '../../local/servers/start-control-plane.ts';
import type { KubeClient } from './kube-client.ts';
import { type Reflector, startReflector } from './reflector.ts';
import { type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts';
import {
  aConfigMap,
  type ConfigMap,
  clientFor,
  configMaps,
  freshNamespace,
  until,
} from './testing/ground.ts';
import { createObject, deleteObject, listPage } from './verbs.ts';

describe('startReflector, in an outage', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  let direct: KubeClient;
  let client: KubeClient;
  let namespace: string;
  let registry: Registry;
  let stop: AbortController;
  let removeHook: () => void;

  before(async () => {
    plane = await startControlPlane();
    proxy = await startFaultyProxy(plane);
    direct = clientFor(plane.kubeconfig);
  });
  beforeEach(async () => {
    client = clientFor(proxy.kubeconfig);
    namespace = await freshNamespace(direct);
    registry = new Registry();
    stop = new AbortController();
    removeHook = () => undefined;
  });
  afterEach(() => {
    removeHook();
    stop.abort();
    client.close();
  });
  after(async () => {
    direct.close();
    await proxy.close();
    await plane.stop();
  });

  const start = (pageSize = 500): Reflector<ConfigMap> =>
    startReflector<ConfigMap>({
      ...{ client, resource: configMaps, namespace, registry, pageSize },
      signal: stop.signal,
      backoff: { firstMs: 10, longestMs: 100 },
    });
  const create = (name: string) =>
    createObject<ConfigMap>(direct, { resource: configMaps, object: aConfigMap(namespace, { name }) });
  const remove = (name: string) =>
    deleteObject(direct, { resource: configMaps, key: `${namespace}/${name}` });
  const names = (reflector: Reflector<ConfigMap>) =>
    [...reflector.list()].map(({ metadata }) => metadata.name).sort();
  const has = (reflector: Reflector<ConfigMap>, ...expected: string[]) =>
    until(() => names(reflector).join() === expected.join());
  const total = async (metric: string): Promise<number> => {
    const { values = [] } = (await registry.getSingleMetric(metric)?.get()) ?? {};
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  /** Forgets every revision before the present one. */
  const compact = async (): Promise<void> => {
    const { resourceVersion } = await listPage(direct, { resource: configMaps });
    const answer = await fetch(`http://127.0.0.1:${plane.etcd.port}/v3/kv/compaction`, {
      method: 'POST',
      body: JSON.stringify({ revision: resourceVersion, physical: true }),
    });
    deepEqual(answer.status, 200, await answer.text());
  };

  it('goes on when the API server was killed and is back', async () => {
    const reflector = start();
    await create('a');
    await has(reflector, 'a');
    await plane.apiServer.restart();
    await create('b');
    await remove('a');
    await has(reflector, 'b');
  });

  it('goes on when etcd was killed and is back', async () => {
    const reflector = start();
    await create('a');
    await has(reflector, 'a');
    await plane.etcd.restart();
    await until(() =>
      create('b').then(
        () => true,
        () => false,
      ),
    );
    await has(reflector, 'a', 'b');
  });

  it('lists anew when the revision that it saw last was compacted away meanwhile', async () => {
    const reflector = start();
    await create('a');
    await has(reflector, 'a');
    await until(() => proxy.watches(({ namespace: where }) => where === namespace) === 1);
    const letGo = Promise.withResolvers<undefined>();
    removeHook = proxy.onRequest(({ verb }) => (verb === 'watch' ? letGo.promise : undefined));
    proxy.resetWatches();
    await remove('a');
    await create('b');
    await compact();
    // Until then the API server has the lost revisions in its memory.
    await plane.apiServer.restart();
    letGo.resolve(undefined);
    await has(reflector, 'b');
    deepEqual(await total('reflector_lists_total'), 2);
  });

  it('knows everything when there was a compaction between two pages', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    removeHook = proxy.onRequest(async ({ query, namespace: where }) => {
      if (where !== namespace || !query.has('continue')) return undefined;
      removeHook();
      await create('d');
      await compact();
      await plane.apiServer.restart();
      return undefined;
    });
    const reflector = start(2);
    await reflector.synced;
    await has(reflector, 'a', 'b', 'c', 'd');
  });
});

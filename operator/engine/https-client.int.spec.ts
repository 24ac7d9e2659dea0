import { deepEqual, doesNotMatch, equal, match, ok, rejects } from 'node:assert/strict';
import { Registry } from 'prom-client';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import type { ControlPlane } from '../../local/servers/start-control-plane.ts';
import { ApiError, ConnectionLost } from './api-error.ts';
import type { KubeClient, WatchEvent } from './kube-client.ts';
import { collectionPath } from './resource.ts';
import { type FaultyProxy, refused, startFaultyProxy } from './testing/faulty-proxy.ts';
import {
  aConfigMap,
  type ConfigMap,
  clientFor,
  configMaps,
  freshNamespace,
  until,
} from './testing/ground.ts';
import {
  applyStatus,
  createObject,
  deleteObject,
  findObject,
  getObject,
  listPage,
  mergePatch,
  replaceObject,
  serverSideApply,
} from './verbs.ts';

describe('httpsClient', () => {
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  let direct: KubeClient;
  let client: KubeClient;
  let registry: Registry;
  let namespace: string;
  let removeHooks: (() => void)[] = [];

  before(async function () {
    this.timeout(60_000);
    plane = await testControlPlane();
    proxy = await startFaultyProxy(plane);
    direct = clientFor(plane.kubeconfig);
  });
  beforeEach(async () => {
    registry = new Registry();
    client = clientFor(proxy.kubeconfig, { registry });
    namespace = await freshNamespace(direct);
  });
  afterEach(() => {
    for (const remove of removeHooks) remove();
    removeHooks = [];
    client.close();
  });
  after(async () => {
    direct.close();
    await proxy.close();
  });

  const create = (name = 'a', from = client) =>
    createObject<ConfigMap>(from, { resource: configMaps, object: aConfigMap(namespace, { name }) });
  const find = (name = 'a') =>
    findObject<ConfigMap>(direct, { resource: configMaps, key: `${namespace}/${name}` });
  const list = (by = client) => listPage<ConfigMap>(by, { resource: configMaps, namespace });
  const apply = () =>
    serverSideApply<ConfigMap>(client, {
      resource: configMaps,
      object: aConfigMap(namespace),
      fieldManager: 'spec',
    });

  /** The fault meets the first requests of the namespace. */
  const fail = (times: number, fault: Parameters<FaultyProxy['onRequest']>[0]) => {
    let left = times;
    const remove = proxy.onRequest((request) => {
      if (request.namespace !== namespace || left === 0) return undefined;
      left -= 1;
      return fault(request);
    });
    removeHooks.push(remove);
  };
  const asked = () => proxy.requests((request) => request.namespace === namespace);

  it('speaks TLS with the API server', async () => {
    await create('a', direct);
    equal((await find())?.metadata.name, 'a');
  });

  it('answers with text where that is what comes', async () => {
    equal(await client.request<string>({ method: 'GET', path: '/readyz' }), 'ok');
  });

  it('says method, path, status and what the API server said', async () => {
    const failure = getObject(client, { resource: configMaps, key: `${namespace}/none` });
    await rejects(failure, {
      name: 'ApiError',
      status: 404,
      reason: 'NotFound',
      message: `GET /api/v1/namespaces/${namespace}/configmaps/none: 404 NotFound: configmaps "none" not found`,
    });
  });

  it('counts answers by method, resource and code', async () => {
    await create();
    await rejects(create());
    const { values } = (await registry.getSingleMetric('kube_client_requests_total')?.get()) ?? {};
    deepEqual(
      values?.map(({ labels, value }) => [labels, value]),
      [
        [{ method: 'POST', resource: 'configmaps', code: '201' }, 1],
        [{ method: 'POST', resource: 'configmaps', code: '409' }, 1],
      ],
    );
  });

  describe('when the API server has too much to do', () => {
    for (const status of [429, 503]) {
      it(`waits and creates after ${status}`, async () => {
        fail(2, () => refused(status, { retryAfterSeconds: 0.1 }));
        await create();
        equal(asked(), 3);
      });
    }

    it('does not wait where the answer does not say how long', async () => {
      fail(1, () => refused(429));
      await rejects(create(), { status: 429 });
    });

    it('gives up in the end', async () => {
      fail(100, () => refused(429, { retryAfterSeconds: 0 }));
      await rejects(list(), { status: 429 });
      equal(asked(), 6);
    });

    it('ends the wait with the signal', async () => {
      fail(100, () => refused(429, { retryAfterSeconds: 60 }));
      const stop = new AbortController();
      const reason = new Error('stopped');
      const waiting = listPage(client, { resource: configMaps, namespace, signal: stop.signal });
      const failure = rejects(waiting, reason);
      await until(() => asked() === 1);
      stop.abort(reason);
      await failure;
    });
  });

  describe('when it answers 500', () => {
    it('leaves it to the caller', async () => {
      fail(1, () => refused(500, { reason: 'InternalError' }));
      await rejects(list(), { status: 500, reason: 'InternalError' });
      equal(asked(), 1);
    });
  });

  describe('when the connection breaks', () => {
    it('reads again', async () => {
      fail(1, () => 'reset');
      deepEqual((await list()).items, []);
    });

    it('applies again, which changes nothing', async () => {
      fail(1, () => 'lose answer');
      await apply();
      equal((await find())?.metadata.name, 'a');
    });

    it('does not create again, and says that it does not know', async () => {
      fail(1, () => 'lose answer');
      await rejects(create(), ConnectionLost);
      equal(asked(), 1);
      equal((await find())?.metadata.name, 'a');
    });

    it('gives up when it breaks again and again', async () => {
      fail(100, () => 'reset');
      await rejects(list(), ConnectionLost);
      equal(asked(), 3);
    });
  });

  describe('when no answer comes', () => {
    it('ends after the timeout and does not ask again', async () => {
      fail(100, () => 'hang');
      const path = collectionPath(configMaps, namespace);
      const failure = client.request({ method: 'GET', path, timeoutMs: 50 });
      await rejects(failure, {
        name: 'ConnectionLost',
        message: `GET ${path}: no answer within 0.05 s`,
      });
      equal(asked(), 1);
    });

    it('ends with the signal', async () => {
      fail(1, () => 'hang');
      const stop = new AbortController();
      const reason = new Error('stopped');
      const options = { resource: configMaps, namespace, signal: stop.signal };
      const failure = rejects(listPage(client, options), reason);
      await until(() => asked() === 1);
      stop.abort(reason);
      await failure;
    });

    it('ends when the client is closed', async () => {
      fail(1, () => 'hang');
      const failure = rejects(list(), ConnectionLost);
      await until(() => asked() === 1);
      client.close();
      await failure;
      await rejects(list(), ConnectionLost);
    });
  });

  it('asks nothing when the signal was aborted before', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await rejects(listPage(client, { resource: configMaps, namespace, signal }), /stopped/);
    equal(asked(), 0);
  });

  it('uses its connections again and opens no more than it may', async () => {
    const narrow = clientFor(proxy.kubeconfig, { maxSockets: 2 });
    const before = proxy.connections();
    for (const _ of [1, 2]) await Promise.all(Array.from({ length: 20 }, () => list(narrow)));
    narrow.close();
    equal(proxy.connections() - before, 2);
  });

  it('keeps them for requests, however many watches there are', async () => {
    const narrow = clientFor(plane.kubeconfig, { maxSockets: 1 });
    const stop = new AbortController();
    const path = collectionPath(configMaps, namespace);
    const seen: string[] = [];
    const watching = [1, 2, 3].map(async () => {
      for await (const { type, object } of narrow.watch({ path, signal: stop.signal })) {
        if (type === 'ADDED') seen.push(object.metadata.name);
      }
    });
    await Promise.all(Array.from({ length: 10 }, (_, n) => create(`n${n}`, narrow)));
    await until(() => seen.length === 30);
    stop.abort(new Error('stopped'));
    for (const watch of watching) await rejects(watch, /stopped/);
    narrow.close();
  });

  it("carries many signals' requests without a warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    await Promise.all(
      Array.from({ length: 50 }, () => listPage(client, { resource: configMaps, namespace, signal })),
    );
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    deepEqual(warnings, []);
  });

  describe('watch', () => {
    const collect = async (events: AsyncGenerator<WatchEvent>, count: number): Promise<string[]> => {
      const seen: string[] = [];
      for await (const { type, object } of events) {
        if (type !== 'BOOKMARK') seen.push(`${type} ${object.metadata.name}`);
        if (seen.length === count) break;
      }
      return seen;
    };
    const path = () => collectionPath(configMaps, namespace);

    /** From now on. */
    const open = async (options: { idleMs?: number; signal?: AbortSignal } = {}) => {
      const { resourceVersion } = await list();
      return client.watch({ path: path(), query: { resourceVersion }, ...options });
    };
    const openAndHeard = async () => {
      const events = await open();
      const first = events.next();
      await create();
      await first;
      return events;
    };

    it('hears of what happens', async () => {
      const events = collect(await open(), 2);
      await create();
      await deleteObject(direct, { resource: configMaps, key: `${namespace}/a` });
      deepEqual(await events, ['ADDED a', 'DELETED a']);
    });

    it('ends when the API server ends it', async () => {
      const { resourceVersion } = await list();
      const query = { resourceVersion, timeoutSeconds: 1 };
      deepEqual(await collect(client.watch({ path: path(), query }), 1), []);
    });

    it('says that a version is too old', async () => {
      fail(1, () => refused(410, { reason: 'Expired' }));
      const events = client.watch({ path: path(), query: { resourceVersion: '1' } });
      await rejects(events.next(), { name: 'ApiError', status: 410, reason: 'Expired' });
    });

    it('says that a version became too old later', async () => {
      const events = await openAndHeard();
      proxy.expireWatches();
      await rejects(events.next(), { name: 'ApiError', status: 410, reason: 'Expired' });
    });

    it('says that the connection broke', async () => {
      const events = await openAndHeard();
      proxy.resetWatches();
      await rejects(events.next(), ConnectionLost);
    });

    it('says that nothing came for too long', async () => {
      const events = await open({ idleMs: 50 });
      const message = `GET ${path()}: nothing came for 0.05 s`;
      await rejects(events.next(), { name: 'ConnectionLost', message });
    });

    it('ends with the signal', async () => {
      const stop = new AbortController();
      const reason = new Error('stopped');
      const events = await open({ signal: stop.signal });
      const failure = rejects(events.next(), reason);
      await until(() => asked() === 2);
      stop.abort(reason);
      await failure;
    });

    it('waits for a reader that is slow, and loses nothing', async () => {
      const { resourceVersion } = await list();
      const events = client.watch({ path: path(), query: { resourceVersion }, idleMs: 200 });
      const first = events.next();
      const data = { text: 'ü'.repeat(50_000) };
      for (let n = 0; n < 40; n += 1) {
        const object = aConfigMap(namespace, { name: `n${n}`, data });
        await createObject(direct, { resource: configMaps, object });
      }
      const seen = [(await first).value?.object as ConfigMap];
      while (seen.length < 40) {
        const { value } = await events.next();
        if (value?.type === 'ADDED') seen.push(value.object as ConfigMap);
      }
      await events.return(undefined);
      deepEqual(
        seen.map(({ metadata }) => metadata.name),
        Array.from({ length: 40 }, (_, n) => `n${n}`),
      );
      ok(seen.every((object) => object.data?.['text'] === data.text));
    });
  });

  describe('verbs', () => {
    it('list page by page', async () => {
      for (const name of ['a', 'b', 'c']) await create(name);
      const page = await listPage<ConfigMap>(client, { resource: configMaps, namespace, limit: 2 });
      const from = page.continue ?? '';
      const last = await listPage<ConfigMap>(client, {
        resource: configMaps,
        namespace,
        limit: 2,
        continue: from,
      });
      deepEqual(
        [...page.items, ...last.items].map(({ kind, apiVersion, metadata }) => [
          apiVersion,
          kind,
          metadata.name,
        ]),
        ['a', 'b', 'c'].map((name) => ['v1', 'ConfigMap', name]),
      );
      equal(last.continue, undefined);
      equal(last.resourceVersion, page.resourceVersion);
    });

    it('replace what was not changed since', async () => {
      const object = await create();
      await mergePatch(client, {
        resource: configMaps,
        key: `${namespace}/a`,
        patch: { data: { colour: 'red' } },
      });
      await rejects(replaceObject(client, { resource: configMaps, object }), { reason: 'Conflict' });
      const current = await find();
      ok(current);
      await replaceObject(client, {
        resource: configMaps,
        object: { ...current, data: { colour: 'blue' } } as ConfigMap,
      });
      deepEqual((await find())?.data, { colour: 'blue' });
    });

    it('apply what is ours, and take from others by force alone', async () => {
      const ours = { resource: configMaps, fieldManager: 'ours' };
      const object = aConfigMap(namespace, { data: { colour: 'red' } });
      await serverSideApply(client, { ...ours, object });
      const theirs = {
        ...ours,
        fieldManager: 'theirs',
        object: aConfigMap(namespace, { data: { colour: 'blue' } }),
      };
      await rejects(serverSideApply(client, theirs), { reason: 'Conflict' });
      await serverSideApply(client, { ...theirs, force: true });
      deepEqual((await find())?.data, { colour: 'blue' });
    });

    it('apply status alone', async () => {
      const resource = {
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
        plural: 'deployments',
        namespaced: true,
      };
      const labels = { app: 'a' };
      const object = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { namespace, name: 'a' },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'a' }] } },
        },
      };
      await createObject(client, { resource, object });
      const status = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: object.metadata,
        status: { observedGeneration: 7 },
      };
      await applyStatus(client, { resource, object: status, fieldManager: 'spec' });
      const found = await getObject<typeof status>(client, { resource, key: `${namespace}/a` });
      equal(found.status.observedGeneration, 7);
    });

    it('delete this very object and no other of its name', async () => {
      const { metadata } = await create();
      const at = { resource: configMaps, key: `${namespace}/a` };
      await rejects(deleteObject(client, { ...at, uid: 'another' }), { reason: 'Conflict' });
      await deleteObject(client, { ...at, uid: metadata.uid, propagationPolicy: 'Background' });
      equal(await find(), undefined);
    });

    it('say of a wrong Secret which field it is, and not what it holds', async () => {
      const secrets = { ...configMaps, kind: 'Secret', plural: 'secrets' };
      const object = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace, name: 'a' },
        data: { password: { hunter2: 'hunter2' } },
      };
      const failure = await serverSideApply(client, { resource: secrets, object, fieldManager: 'spec' }).then(
        () => undefined,
        (error: unknown) => error,
      );
      ok(failure instanceof ApiError);
      match(failure.message, /secrets\/a: \d+ /);
      doesNotMatch(failure.message, /hunter2/);
    });
  });
});

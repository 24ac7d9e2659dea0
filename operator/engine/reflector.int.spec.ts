import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import type { Reflector, ReflectorOptions } from './reflector.ts';
import { type FaultyProxy, refused } from './testing/faulty-proxy.ts';
import { type ConfigMap, configMaps, until } from './testing/ground.ts';
import type { ProxiedRequest, Verb } from './testing/proxied-request.ts';
import { reflecting } from './testing/reflecting.ts';
import { listPage, mergePatch } from './verbs.ts';

type Change = readonly [key: string, before: string | undefined, after: string | undefined];

describe('startReflector', () => {
  const ground = reflecting(testControlPlane);
  const { start, create, remove, names, has, metric, proxy, direct } = ground;
  const namespace = () => ground.now().namespace;

  const started = async (options: Partial<ReflectorOptions<ConfigMap>> = {}) => {
    const reflector = start(options);
    await reflector.synced;
    return reflector;
  };
  const change = (name: string, data: Record<string, string>) =>
    mergePatch<ConfigMap>(direct(), { resource: configMaps, key: `${namespace()}/${name}`, patch: { data } });
  const here = (verb: Verb) => (request: ProxiedRequest) =>
    request.namespace === namespace() && request.verb === verb;
  const asked = (verb: Verb) => proxy().requests(here(verb));
  const watching = () => until(() => proxy().watches(here('watch')) === 1);
  const on = (verb: Verb, hook: Parameters<FaultyProxy['onRequest']>[0]) => {
    return ground.onRequest((request) => (here(verb)(request) ? hook(request) : undefined));
  };
  const times = <F>(count: number, fault: F): (() => F | undefined) => {
    let left = count;
    return () => {
      left -= 1;
      return left < 0 ? undefined : fault;
    };
  };
  /** By name and UID, without versions. */
  const changesOf = (reflector: Reflector<ConfigMap>): Change[] => {
    const changes: Change[] = [];
    reflector.listen((key, before, after) => {
      changes.push([key.slice(key.indexOf('/') + 1), before?.metadata.uid, after?.metadata.uid]);
    });
    return changes;
  };
  it('knows everything when it is synced, page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    const reflector = start({ pageSize: 2 });
    equal(reflector.isSynced(), false);
    await reflector.synced;
    equal(reflector.isSynced(), true);
    deepEqual(names(reflector), ['a', 'b', 'c', 'd', 'e']);
    equal(asked('list'), 3);
  });

  it('follows what happens, each step from the one before', async () => {
    const reflector = await started();
    const changes = changesOf(reflector);
    const { uid } = (await create('a')).metadata;
    await change('a', { colour: 'red' });
    await until(() => reflector.get(`${namespace()}/a`)?.data?.['colour'] === 'red');
    await remove('a');
    await has(reflector);
    deepEqual(changes, [
      ['a', undefined, uid],
      ['a', uid, uid],
      ['a', uid, undefined],
    ]);
  });

  it('keeps kind and apiVersion and drops managedFields', async () => {
    await create('a');
    const reflector = await started();
    await create('b');
    await has(reflector, 'a', 'b');
    for (const object of reflector.list()) {
      deepEqual(
        [object.apiVersion, object.kind, 'managedFields' in object.metadata],
        ['v1', 'ConfigMap', false],
      );
    }
  });

  it('keeps what strip leaves', async () => {
    await create('a', { labels: { team: 'red' } });
    const strip = ({ apiVersion, kind, metadata: { name, uid } }: ConfigMap): ConfigMap => ({
      apiVersion,
      kind,
      metadata: { namespace: namespace(), name, ...(uid && { uid }) },
    });
    const reflector = await started({ strip });
    deepEqual(Object.keys(reflector.get(`${namespace()}/a`)?.metadata ?? {}), ['namespace', 'name', 'uid']);
  });

  it('finds by index', async () => {
    const indexes = { team: ({ metadata }: ConfigMap) => Object.values(metadata.labels ?? {}) };
    await create('a', { labels: { team: 'red' } });
    const reflector = await started({ indexes });
    await create('b', { labels: { team: 'red' } });
    await until(() => reflector.byIndex('team', 'red').length === 2);
  });

  it('knows those alone that the selector selects', async () => {
    await create('a', { labels: { team: 'red' } });
    await create('b', { labels: { team: 'blue' } });
    deepEqual(names(await started({ labelSelector: 'team=red' })), ['a']);
  });

  it('tells a listener that comes late of all that is there', async () => {
    const { uid } = (await create('a')).metadata;
    deepEqual(changesOf(await started()), [['a', undefined, uid]]);
  });

  it('goes on when a listener throws', async () => {
    const reflector = await started();
    reflector.listen(() => {
      throw new Error('a listener');
    });
    const changes = changesOf(reflector);
    await create('a');
    await has(reflector, 'a');
    equal(changes.length, 1);
  });

  it('ends with the signal', async () => {
    const reflector = await started();
    ground.now().stop.abort(new Error('stopped'));
    await reflector.ended;
    await reflector.synced;
  });

  it('says that it never came to be synced', async () => {
    on('list', () => 'hang');
    const reflector = start();
    await until(() => asked('list') === 1);
    ground.now().stop.abort(new Error('stopped'));
    await reflector.ended;
    await rejects(reflector.synced, /stopped/);
  });

  describe('when the watch ends', () => {
    for (const [how, end] of [
      ['by a reset', () => proxy().resetWatches()],
      ['in good order', () => proxy().endWatches()],
    ] as const) {
      it(`${how}: goes on from the last version and misses nothing`, async () => {
        const reflector = await started();
        const changes = changesOf(reflector);
        const { uid: first } = (await create('a')).metadata;
        await has(reflector, 'a');
        const letGo = Promise.withResolvers<undefined>();
        on('watch', () => letGo.promise);
        end();
        await until(() => asked('watch') === 2);
        await remove('a');
        const { uid: second } = (await create('a')).metadata;
        await create('b');
        letGo.resolve(undefined);
        await has(reflector, 'a', 'b');
        deepEqual(changes.slice(0, 3), [
          ['a', undefined, first],
          ['a', first, undefined],
          ['a', undefined, second],
        ]);
        equal(asked('list'), 1);
      });
    }

    it('goes on from the version of a bookmark', async () => {
      const reflector = await started();
      await create('a');
      await has(reflector, 'a');
      const { resourceVersion } = await listPage(direct(), { resource: configMaps });
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '', resourceVersion } };
      proxy().tellWatches({ type: 'BOOKMARK', object });
      const toldAt = performance.now();
      await until(async () => {
        const [[, age] = []] = await metric('reflector_last_sign_age_seconds');
        return age !== undefined && age < (performance.now() - toldAt) / 1_000;
      });
      const from: (string | null)[] = [];
      on('watch', ({ query }) => {
        from.push(query.get('resourceVersion'));
        return undefined;
      });
      proxy().resetWatches();
      await until(() => from.length === 1);
      deepEqual(from, [resourceVersion]);
    });

    it('opens it anew when nothing comes any more', async () => {
      const reflector = await started({ idleMs: 500 });
      await watching();
      proxy().silenceWatches();
      await create('a');
      await has(reflector, 'a');
      equal(asked('list'), 1);
    });
  });

  describe('when the version is too old', () => {
    it('lists anew, and tells what went, what was replaced and what came', async () => {
      const uid = async (name: string) => (await create(name)).metadata.uid;
      const a = await uid('a');
      const b = await uid('b');
      const c = await uid('c');
      const reflector = await started({ pageSize: 2 });
      const changes = changesOf(reflector);
      changes.length = 0;
      await watching();
      const letGo = Promise.withResolvers<undefined>();
      on('list', () => letGo.promise);
      proxy().expireWatches();
      await until(() => asked('list') === 3);
      await remove('a');
      await remove('b');
      const anotherB = await uid('b');
      await change('c', { colour: 'red' });
      const d = await uid('d');
      letGo.resolve(undefined);
      await has(reflector, 'b', 'c', 'd');
      deepEqual(
        [...changes].sort(([x], [y]) => x.localeCompare(y)),
        [
          ['a', a, undefined],
          ['b', b, undefined],
          ['b', undefined, anotherB],
          ['c', c, c],
          ['d', undefined, d],
        ],
      );
    });

    it('lists all at once when it grows old between two pages', async () => {
      for (const name of ['a', 'b', 'c']) await create(name);
      on('list', ({ query }) => (query.has('continue') ? refused(410, { reason: 'Expired' }) : undefined));
      deepEqual(names(await started({ pageSize: 2 })), ['a', 'b', 'c']);
      equal(asked('list'), 3);
    });

    it('does not spin when it stays too old', async () => {
      on('watch', () => refused(410, { reason: 'Expired' }));
      const startedAt = performance.now();
      start({ backoff: { firstMs: 50, longestMs: 10_000 } });
      await until(() => asked('list') === 4);
      // At least half of 50, 100 and 200 ms.
      ok(performance.now() - startedAt > 175);
    });
  });

  describe('when the API server refuses', () => {
    const faults = [
      ['429', refused(429)],
      ['429 with Retry-After', refused(429, { retryAfterSeconds: 0 })],
      ['500', refused(500)],
      ['403', refused(403)],
      ['a reset', 'reset'],
    ] as const;
    for (const [what, fault] of faults) {
      it(`lists until it is answered (${what})`, async () => {
        on('list', times(8, fault));
        await create('a');
        deepEqual(names(await started()), ['a']);
      });

      it(`watches until it is answered (${what})`, async () => {
        on('watch', times(8, fault));
        const reflector = await started();
        await create('a');
        await has(reflector, 'a');
      });
    }

    it('does not list anew for what the next watch may not meet', async () => {
      on('watch', times(3, refused(500)));
      const reflector = await started();
      await create('a');
      await has(reflector, 'a');
      equal(asked('list'), 1);
    });
  });

  it('reports what it holds, what it did and what was not there', async () => {
    await create('a');
    const reflector = await started();
    reflector.get(`${namespace()}/a`);
    reflector.get(`${namespace()}/none`);
    await watching();
    proxy().expireWatches();
    await until(() => asked('watch') === 2);
    const labels = { resource: 'configmaps' };
    deepEqual(await metric('reflector_objects'), [[labels, 1]]);
    deepEqual(await metric('reflector_lists_total'), [[labels, 2]]);
    deepEqual(await metric('reflector_watch_ends_total'), [[{ ...labels, reason: 'expired' }, 1]]);
    deepEqual(await metric('reflector_cache_misses_total'), [[labels, 1]]);
  });
});

import { deepEqual } from 'node:assert/strict';
import { startControlPlane } from '../../local/servers/start-control-plane.ts';
import { configMaps, until } from './testing/ground.ts';
import { reflecting } from './testing/reflecting.ts';
import { listPage } from './verbs.ts';

describe('startReflector, in an outage', function () {
  this.timeout(120_000);
  const ground = reflecting(startControlPlane);
  const { start, create, remove, has, metric, plane, proxy, onRequest } = ground;
  after(() => plane().stop());

  /** Forgets every revision before the present one. */
  const compact = async (): Promise<void> => {
    const { resourceVersion } = await listPage(ground.direct(), { resource: configMaps });
    const answer = await fetch(`http://127.0.0.1:${plane().etcd.port}/v3/kv/compaction`, {
      method: 'POST',
      body: JSON.stringify({ revision: resourceVersion, physical: true }),
    });
    deepEqual(answer.status, 200, await answer.text());
  };

  it('goes on when the API server was killed and is back', async () => {
    const reflector = start();
    await create('a');
    await has(reflector, 'a');
    await plane().apiServer.restart();
    await create('b');
    await remove('a');
    await has(reflector, 'b');
  });

  it('goes on when etcd was killed and is back', async () => {
    const reflector = start();
    await create('a');
    await has(reflector, 'a');
    await plane().etcd.restart();
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
    await until(() => proxy().watches(({ namespace: where }) => where === ground.now().namespace) === 1);
    const letGo = Promise.withResolvers<undefined>();
    onRequest(({ verb }) => (verb === 'watch' ? letGo.promise : undefined));
    proxy().resetWatches();
    await remove('a');
    await create('b');
    await compact();
    // Until then the API server has the lost revisions in its memory.
    await plane().apiServer.restart();
    letGo.resolve(undefined);
    await has(reflector, 'b');
    const lists = await metric('reflector_lists_total');
    deepEqual(
      lists.reduce((sum, [, count]) => sum + count, 0),
      2,
    );
  });

  it('knows everything when there was a compaction between two pages', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const off = onRequest(async ({ query, namespace: where }) => {
      if (where !== ground.now().namespace || !query.has('continue')) return undefined;
      off();
      await create('d');
      await compact();
      await plane().apiServer.restart();
      return undefined;
    });
    const reflector = start({ pageSize: 2 });
    await reflector.synced;
    await has(reflector, 'a', 'b', 'c', 'd');
  });
});

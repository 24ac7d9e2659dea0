import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import type { ControlPlane } from '../../local/servers/start-control-plane.ts';
import type { Condition } from './condition.ts';
import { EVENTS } from './event-recorder.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import { OWNER_LABEL } from './ownership.ts';
import { PAUSED_ANNOTATION } from './reconcile.ts';
import type { Resource } from './resource.ts';
import { type FaultyProxy, refused, startFaultyProxy } from './testing/faulty-proxy.ts';
import { defineGardens, FINALIZER, type Garden, namespaceOf, POISON } from './testing/garden.ts';
import { aConfigMap, type ConfigMap, clientFor, configMaps, namespaces, until } from './testing/ground.ts';
import type { ProxiedRequest } from './testing/proxied-request.ts';
import { clearGardens, sweepNamespaces, type Tending, type TendOptions, tend } from './testing/tend.ts';
import { createObject, deleteObject, findObject, getObject, listPage, mergePatch } from './verbs.ts';

describe('runOperator', () => {
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  /** Not through the proxy: what people do. */
  let people: KubeClient;
  let gardens: Resource;
  let stopSweeping: () => Promise<void>;
  let tending: Tending[] = [];
  let name: string;

  before(async function () {
    this.timeout(60_000);
    plane = await testControlPlane();
    proxy = await startFaultyProxy(plane);
    people = clientFor(plane.kubeconfig);
    gardens = await defineGardens(people);
    stopSweeping = sweepNamespaces(people);
  });
  beforeEach(() => {
    name = `rose-${randomUUID().slice(-6)}`;
  });
  afterEach(async () => {
    for (const one of tending) await one.stop();
    tending = [];
    await clearGardens(people, gardens);
  });
  after(async () => {
    await stopSweeping();
    people.close();
    await proxy.close();
  });

  const start = (options: Partial<TendOptions> = {}): Tending => {
    const one = tend({ kubeconfig: proxy.kubeconfig, resource: gardens, ...options });
    tending.push(one);
    return one;
  };
  const plant = (spec: Partial<Garden['spec']> = {}, metadata: Partial<KubeObject['metadata']> = {}) => {
    const garden: Garden = {
      apiVersion: `${gardens.group}/v1`,
      kind: 'Garden',
      metadata: { name, ...metadata },
      spec: { plants: ['tulip', 'violet'], ...spec },
    };
    return createObject<Garden>(people, { resource: gardens, object: garden });
  };
  const garden = () => getObject<Garden>(people, { resource: gardens, key: name });
  const isGone = async () => (await findObject(people, { resource: gardens, key: name })) === undefined;
  const change = (patch: object) => mergePatch<Garden>(people, { resource: gardens, key: name, patch });
  const remove = () => deleteObject(people, { resource: gardens, key: name });
  const condition = async (type = 'Ready'): Promise<Condition | undefined> =>
    (await garden()).status?.conditions?.find((one) => one.type === type);
  const untilReason = (reason: string, type = 'Ready') =>
    until(async () => (await condition(type))?.reason === reason);
  const flower = (plant: string) =>
    findObject<ConfigMap>(people, { resource: configMaps, key: `${namespaceOf(name)}/${plant}` });
  const flowers = async () =>
    (await listPage<ConfigMap>(people, { resource: configMaps, namespace: namespaceOf(name) })).items.map(
      (one) => one.metadata.name,
    );
  const land = () => findObject(people, { resource: namespaces, key: namespaceOf(name) });
  /** Waits until all that is known now was looked at by an operator that is at rest again. */
  const atRest = async (one: Tending) => {
    const before = await one.rounds();
    await change({ metadata: { annotations: { 'example.dev/nudge': randomUUID() } } });
    await until(async () => (await one.rounds()) > before && (await isIdle(one)));
  };
  /** Without events, for which no reconciliation waits. */
  const writesSoFar = () =>
    proxy.requests(({ isWrite, resource }) => isWrite && resource !== 'events.events.k8s.io');
  const isIdle = async ({ registry }: Tending): Promise<boolean> => {
    const gauge = await registry.getSingleMetric('reconcile_queue_keys')?.get();
    return (gauge?.values ?? []).every(({ labels, value }) => labels['state'] === 'delayed' || value === 0);
  };

  describe('when a parent is made', () => {
    it('makes its children, says so, and performs its effects', async () => {
      const { work } = start();
      const { metadata } = await plant();
      await untilReason('Planted');
      deepEqual(await flowers(), ['tulip', 'violet']);
      const tulip = await flower('tulip');
      deepEqual(tulip?.data, { colour: 'green', plant: 'tulip' });
      equal(tulip?.metadata.labels?.[OWNER_LABEL], `garden.${name}`);
      deepEqual(tulip?.metadata.ownerReferences, [
        {
          apiVersion: `${gardens.group}/v1`,
          kind: 'Garden',
          name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      const { status } = await garden();
      equal(status?.planted, 2);
      equal(status?.observedGeneration, 1);
      ok(work.includes(`water ${name}`));
    });

    it('applies each child once, though its caches are behind its writes', async () => {
      const operator = start();
      const end = proxy.onWritten(({ resource }) => {
        if (resource === 'configmaps') proxy.resetWatches();
        return undefined;
      });
      await plant();
      await untilReason('Planted');
      end();
      await atRest(operator);
      const applied = ({ verb, namespace, key }: ProxiedRequest) =>
        verb === 'apply' && [namespace, key].includes(namespaceOf(name));
      equal(proxy.requests(applied), 4);
    });

    it('puts its finalizer on before anything else is made', async () => {
      const firstWrite = new Promise<boolean>((resolve) => {
        const end = proxy.onWritten(async () => {
          end();
          const found = await garden();
          resolve(found.metadata.finalizers?.includes(FINALIZER) === true && (await land()) === undefined);
          return undefined;
        });
      });
      start();
      await plant();
      equal(await firstWrite, true);
    });
  });

  describe('when the world is otherwise than desired', () => {
    let operator: Tending;
    beforeEach(async () => {
      operator = start();
      await plant();
      await untilReason('Planted');
      await atRest(operator);
    });
    const patchFlower = (patch: object) =>
      mergePatch(people, { resource: configMaps, key: `${namespaceOf(name)}/tulip`, patch });

    it('puts a changed field right', async () => {
      await patchFlower({ data: { colour: 'black' } });
      await until(async () => (await flower('tulip'))?.data?.['colour'] === 'green');
    });

    it('makes a deleted child anew', async () => {
      const before = await flower('tulip');
      await deleteObject(people, { resource: configMaps, key: `${namespaceOf(name)}/tulip` });
      await until(async () => {
        const after = await flower('tulip');
        return after !== undefined && after.metadata.uid !== before?.metadata.uid;
      });
    });

    it('leaves fields of others alone', async () => {
      const writes = writesSoFar();
      await patchFlower({ data: { scent: 'sweet' }, metadata: { labels: { 'example.dev/by': 'people' } } });
      await atRest(operator);
      equal((await flower('tulip'))?.data?.['scent'], 'sweet');
      equal(writesSoFar(), writes);
    });

    it('prunes what is no longer desired, and nothing else', async () => {
      const object = aConfigMap(namespaceOf(name), { name: 'weed' });
      await createObject(people, { resource: configMaps, object });
      await change({ spec: { plants: ['violet', 'lily'] } });
      await until(async () => (await flowers()).join() === 'lily,violet,weed');
    });

    it('removes a field that is no longer desired', async () => {
      await change({ spec: { colour: 'red' } });
      await until(async () => (await flower('tulip'))?.data?.['colour'] === 'red');
      equal((await flower('violet'))?.data?.['colour'], 'red');
    });

    it('follows a change of the spec with observedGeneration', async () => {
      const { metadata } = await change({ spec: { plants: ['lily'] } });
      await until(async () => (await garden()).status?.observedGeneration === metadata.generation);
      await untilReason('Planted');
      equal((await garden()).status?.planted, 1);
    });

    it('writes nothing in steady state', async () => {
      const writes = writesSoFar();
      for (let times = 0; times < 5; times += 1) await atRest(operator);
      equal(writesSoFar(), writes);
    });

    it('writes next to nothing after a restart', async () => {
      await operator.stop();
      const writes = writesSoFar();
      const next = start();
      await atRest(next);
      await atRest(next);
      // The fence and the status have a form of the API server's own, which is learned by applying them once.
      ok(writesSoFar() - writes <= 2);
    });
  });

  describe('when something is there that is not its own', () => {
    const foreigners: [string, () => Promise<KubeObject>][] = [
      [
        'a namespace',
        () =>
          createObject(people, {
            resource: namespaces,
            object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(name) } },
          }),
      ],
      [
        'a namespace with its label and another UID',
        () =>
          createObject(people, {
            resource: namespaces,
            object: {
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: {
                name: namespaceOf(name),
                labels: { [OWNER_LABEL]: `garden.${name}` },
                ownerReferences: [
                  {
                    apiVersion: `${gardens.group}/v1`,
                    kind: 'Garden',
                    name,
                    uid: randomUUID(),
                    controller: true,
                  },
                ],
              },
            },
          }),
      ],
    ];
    for (const [what, make] of foreigners) {
      it(`neither adopts nor deletes ${what}, makes nothing, and goes on when it is gone`, async () => {
        const foreign = await make();
        const { work } = start();
        await plant();
        await untilReason('NotOurs');
        match(
          (await condition())?.message ?? '',
          new RegExp(`Namespace ${namespaceOf(name)}.*Delete or rename`),
        );
        deepEqual(await land(), foreign);
        deepEqual(await flowers(), []);
        deepEqual(work, []);
        await remove();
        await until(isGone);
        deepEqual(await land(), foreign);
        await plant();
        await untilReason('NotOurs');
        await deleteObject(people, { resource: namespaces, key: namespaceOf(name) });
        await untilReason('Planted');
      });
    }

    it('takes no object over that its cache does not have, because it has not its label', async () => {
      start();
      await plant({ plants: [] });
      await untilReason('Planted');
      const weed = await createObject<ConfigMap>(people, {
        resource: configMaps,
        object: aConfigMap(namespaceOf(name), { name: 'weed', data: { colour: 'grey' } }),
      });
      await change({ spec: { plants: ['weed'] } });
      await untilReason('NotOurs');
      deepEqual(await flower('weed'), weed);
      await change({ spec: { plants: [] } });
      await untilReason('Planted');
      deepEqual(await flower('weed'), weed);
    });
  });

  describe('when a child is being deleted', () => {
    it('waits until it is gone, says so, and makes it anew', async () => {
      start();
      await plant();
      await untilReason('Planted');
      const at = { resource: configMaps, key: `${namespaceOf(name)}/tulip` };
      await mergePatch(people, { ...at, patch: { metadata: { finalizers: ['example.dev/slow'] } } });
      const before = await flower('tulip');
      await deleteObject(people, at);
      await untilReason('BeingDeleted');
      equal((await flower('tulip'))?.metadata.uid, before?.metadata.uid);
      await mergePatch(people, { ...at, patch: { metadata: { finalizers: null } } });
      await untilReason('Planted');
      ok((await flower('tulip'))?.metadata.uid !== before?.metadata.uid);
    });
  });

  describe('when the parent is deleted', () => {
    const hold = (finalizers: readonly string[] | null) =>
      mergePatch(people, {
        resource: configMaps,
        key: `${namespaceOf(name)}/tulip`,
        patch: { metadata: { finalizers } },
      });

    it('removes its children, performs its effects, and lets it go', async () => {
      const { work } = start();
      await plant();
      await untilReason('Planted');
      await remove();
      await until(isGone);
      deepEqual(await flowers(), []);
      ok(work.includes(`uproot ${name}`));
      await until(async () => (await land()) === undefined);
    });

    it('waits until its children are gone before it performs its effects', async () => {
      const { work } = start();
      await plant();
      await untilReason('Planted');
      await hold(['example.dev/slow']);
      await remove();
      await untilReason('Deleting');
      await until(async () => (await flower('violet')) === undefined);
      ok(!work.includes(`uproot ${name}`));
      await hold(null);
      await until(isGone);
      ok(work.includes(`uproot ${name}`));
    });

    it('keeps it as long as its finalizer says so, with the reason', async () => {
      start();
      await plant({ locked: true });
      await untilReason('Planted');
      await remove();
      await untilReason('Locked');
      deepEqual(await flowers(), []);
      await change({ spec: { locked: false } });
      await until(isGone);
    });

    it('lets it go after the deadline, and says what was left behind', async () => {
      start({ deadlineSeconds: 1 });
      await plant();
      await untilReason('Planted');
      await hold(['example.dev/for-ever']);
      const { metadata } = await garden();
      await remove();
      await until(isGone);
      const [event] = await eventsOf(metadata.uid, 'DeadlinePassed');
      match(event?.note ?? '', new RegExp(`ConfigMap ${namespaceOf(name)}/tulip`));
      equal(event?.type, 'Warning');
      await hold(null);
    });

    it('lets it go after the deadline when its effects fail for ever', async () => {
      start({
        deadlineSeconds: 1,
        perform: async ({ does }) => {
          if (does === 'uproot') throw new Error('cannot uproot: the spade is broken');
        },
      });
      const { metadata } = await plant();
      await untilReason('Planted');
      await remove();
      await until(isGone);
      await until(async () => (await eventsOf(metadata.uid, 'DeadlinePassed')).length === 1);
    });

    it('does nothing where it never put its finalizer on', async () => {
      await plant({}, { finalizers: ['example.dev/other'] });
      await remove();
      const operator = start();
      await until(async () => (await operator.rounds()) > 0);
      equal(await land(), undefined);
      equal((await garden()).status, undefined);
    });
  });

  type Event = KubeObject & {
    readonly reason: string;
    readonly note?: string;
    readonly type: string;
    readonly regarding: { readonly uid?: string };
    readonly series?: { readonly count: number };
  };
  const eventsOf = async (uid: string | undefined, reason: string): Promise<readonly Event[]> => {
    const { items } = await listPage<Event>(people, { resource: EVENTS, namespace: 'default' });
    return items.filter((event) => event.regarding.uid === uid && event.reason === reason);
  };

  describe('when it is paused', () => {
    const pause = (value: string | null) =>
      change({ metadata: { annotations: { [PAUSED_ANNOTATION]: value } } });

    it('says so, writes nothing else, and goes on afterwards', async () => {
      const operator = start();
      await plant();
      await untilReason('Planted');
      await atRest(operator);
      const { status } = await garden();
      await pause('true');
      await untilReason('PausedByAnnotation', 'Paused');
      const writes = writesSoFar();
      await change({ spec: { plants: [] } });
      await deleteObject(people, { resource: configMaps, key: `${namespaceOf(name)}/tulip` });
      await atRest(operator);
      equal(writesSoFar(), writes);
      deepEqual(await flowers(), ['violet']);
      const paused = (await garden()).status;
      equal(paused?.observedGeneration, 1);
      deepEqual(paused?.conditions?.slice(0, 1), status?.conditions);
      await pause(null);
      await until(async () => (await garden()).status?.observedGeneration === 2);
      equal(await condition('Paused'), undefined);
      deepEqual(await flowers(), []);
    });
  });

  describe('when a reconciliation fails', () => {
    it('says the reason of the controller, and heals', async () => {
      start();
      await plant({ plants: ['tulip', POISON] });
      await untilReason('Poisonous');
      equal((await condition())?.message, 'Take ivy off the list of plants.');
      equal(await land(), undefined);
      await change({ spec: { plants: ['tulip'] } });
      await untilReason('Planted');
    });

    it('says ReconcileFailed when an effect fails, keeps what it said else, and tries again', async () => {
      let isDry = false;
      start({
        perform: async () => {
          if (isDry) throw new Error('cannot water: the well is dry');
        },
      });
      await plant();
      await untilReason('Planted');
      isDry = true;
      await change({ spec: { plants: ['lily'] } });
      await untilReason('ReconcileFailed');
      match((await condition())?.message ?? '', /^cannot water: the well is dry\. .*tried again/);
      equal((await garden()).status?.planted, 2);
      deepEqual(await flowers(), ['tulip', 'violet']);
      isDry = false;
      await untilReason('Planted');
      deepEqual(await flowers(), ['lily']);
    });

    it('names the child that the API server refuses', async () => {
      start();
      await plant({ plants: ['Not a name'] });
      await untilReason('ReconcileFailed');
      match((await condition())?.message ?? '', /cannot apply ConfigMap .*Not a name/);
    });

    it('says nothing of what passes by itself', async () => {
      const reasons = new Set<string | undefined>();
      const faults = [refused(409, { reason: 'Conflict' }), refused(500), 'reset', 'lose answer'] as const;
      let count = 0;
      const end = proxy.onRequest(({ isWrite, resource }) =>
        isWrite && resource === 'configmaps' && count < faults.length ? faults[count++] : undefined,
      );
      start();
      await plant();
      await until(async () => {
        const reason = (await condition())?.reason;
        reasons.add(reason);
        return reason === 'Planted';
      });
      end();
      equal(count, faults.length);
      ok(
        [...reasons].every((reason) => [undefined, 'Planting', 'Planted'].includes(reason)),
        [...reasons].join(),
      );
    });
  });

  describe('with events', () => {
    it('tells of a change of a reason once, and counts what happens again', async () => {
      const operator = start();
      const { metadata } = await plant();
      await untilReason('Planted');
      for (let times = 0; times < 2; times += 1) {
        await change({ spec: { plants: [POISON] } });
        await untilReason('Poisonous');
        await change({ spec: { plants: ['tulip'] } });
        await untilReason('Planted');
      }
      await until(async () => (await eventsOf(metadata.uid, 'Poisonous'))[0]?.series?.count === 2);
      await atRest(operator);
      const events = await eventsOf(metadata.uid, 'Poisonous');
      deepEqual(
        events.map(({ type, note }) => ({ type, note })),
        [{ type: 'Warning', note: 'Take ivy off the list of plants.' }],
      );
    });

    it('does its work when events cannot be told', async () => {
      const end = proxy.onRequest(({ resource }) =>
        resource === 'events.events.k8s.io' ? refused(403, { reason: 'Forbidden' }) : undefined,
      );
      start();
      await plant();
      await untilReason('Planted');
      end();
    });
  });

  describe('when two run at once', () => {
    it('brings the same about as one, and comes to rest', async () => {
      const operators = [start(), start()];
      await plant();
      await untilReason('Planted');
      await change({ spec: { plants: ['lily', 'tulip', 'fern'] } });
      await until(async () => (await flowers()).join() === 'fern,lily,tulip');
      await untilReason('Planted');
      for (const one of operators) await atRest(one);
      const writes = writesSoFar();
      for (const one of operators) await atRest(one);
      equal(writesSoFar(), writes);
      await remove();
      await until(isGone);
    });
  });

  describe('with a lease', () => {
    const isLeading = async ({ registry }: Tending): Promise<boolean> =>
      ((await registry.getSingleMetric('reconcile_queue_keys')?.get())?.values.length ?? 0) > 0;

    it('works as long as it leads, and hands over when it stops', async () => {
      const lease = { key: `default/gardeners-${name}` };
      const first = start({ lease });
      await until(() => isLeading(first));
      const second = start({ lease });
      await until(() => second.health.ready() === undefined);
      await plant();
      await untilReason('Planted');
      equal(await isLeading(second), false);
      await first.stop();
      await change({ spec: { plants: ['lily'] } });
      await until(async () => (await flowers()).join() === 'lily');
      equal(await isLeading(second), true);
    });
  });

  it('stops in the middle of its work, and another goes on', async () => {
    const first = start();
    const half = new Promise<void>((resolve) => {
      const end = proxy.onWritten(({ resource }) => {
        if (resource !== 'configmaps') return undefined;
        end();
        void first.stop().then(resolve);
        return undefined;
      });
    });
    await plant({ plants: Array.from({ length: 20 }, (_, i) => `tulip-${i}`) });
    await half;
    ok((await flowers()).length < 20);
    start();
    await untilReason('Planted');
    equal((await flowers()).length, 20);
  });

  it('answers for its health', async () => {
    const { health, ended } = start();
    match(health.ready() ?? '', /not complete/);
    await until(() => health.ready() === undefined);
    equal(health.live(), undefined);
    await tending[0]?.stop();
    await ended;
  });
});

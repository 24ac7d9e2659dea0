import { deepEqual, equal, match } from 'node:assert/strict';
import { aCellTenant, aNewContext, aRelease, aRunningContext, desired, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const cell = aCell();
const away = { fault: { reason: 'MongoDBAway', message: 'MongoDB does not answer' } };
const workloads = (names: readonly string[]) => names.filter((name) => name.startsWith('Deployment'));

describe('a cell without tenants', () => {
  const shown = desired(cell, observing([], { tenants: [] }));
  it('runs nothing', () => {
    deepEqual(workloads(shown.names), []);
    equal(shown.ready, 'True Empty');
  });
  it('has what contexts would find: namespace, quotas, policies, map', () =>
    deepEqual(shown.names, [
      'Namespace cadastre-acme',
      'ResourceQuota quota',
      'LimitRange limits',
      'ServiceAccount contexts',
      'ConfigMap context-map',
      'NetworkPolicy default-deny',
      'NetworkPolicy allow-dns',
      'NetworkPolicy allow-mongodb',
      'NetworkPolicy allow-redis',
    ]));
});

describe('a context of a plan that is not released yet', () => {
  const missing = aNewContext('ordering', { wanted: undefined });
  it('is waited for by name, while the others run', () => {
    const shown = desired(cell, observing([aRunningContext('catalog'), missing]));
    deepEqual(shown.images, { catalog: 'catalog:1' });
    equal(shown.ready, 'False ContextNotReleased');
    match(shown.message, /release of ordering: apply the BoundedContext/);
  });
  it('gets no account', () => deepEqual(desired(cell, observing([missing])).effects, []));
  it('goes on as it is when it runs already', () => {
    const lost = aRunningContext('ordering', {
      wanted: undefined,
      running: { release: aRelease('ordering:1') },
    });
    deepEqual(desired(cell, observing([lost])).images, { ordering: 'ordering:1' });
  });
});

describe('quotas below what the contexts need', () => {
  const small = aCell({ spec: { quotas: { replicas: 2, cpu: '100m', memory: '256Mi', storage: '1Gi' } } });
  it('start no new context, and say how much is missing', () => {
    const shown = desired(small, observing([aNewContext('catalog'), aNewContext('ordering')]));
    deepEqual(shown.images, {});
    equal(shown.ready, 'False QuotaTooSmall');
    // Two of 50m and 192Mi, and one more during an update.
    match(
      shown.message,
      /catalog and ordering need 150m CPU and 576Mi memory.* lack 50m CPU and 320Mi memory/,
    );
    deepEqual(shown.effects, []);
  });
  it('leave what runs as it is, new versions included', () => {
    const running = { release: aRelease('catalog:1') };
    const behind = aRunningContext('catalog', { wanted: aRelease('catalog:2'), running });
    deepEqual(desired(small, observing([behind, aNewContext('ordering')])).images, { catalog: 'catalog:1' });
  });
  it('do not count against what runs: a pod that is lost finds room again', () => {
    const hard = (...candidates: Parameters<typeof observing>[0]) =>
      desired(small, observing(candidates)).child('ResourceQuota', 'quota').spec.hard;
    const quota = { 'requests.cpu': '100m', 'requests.memory': '384Mi', 'limits.memory': '384Mi' };
    deepEqual(hard(aRunningContext('catalog'), aNewContext('ordering')), {
      ...quota,
      'requests.storage': '1Gi',
    });
    equal(hard(aNewContext('catalog'), aNewContext('ordering'))['requests.memory'], '256Mi');
  });
  it('do not count contexts that sleep', () => {
    const asleep = ['catalog', 'ordering'].map((name) => aNewContext(name, { isAwake: false }));
    equal(desired(small, observing(asleep)).ready, 'True Suspended');
  });
});

describe('a server that is away', () => {
  it('starts no new context, and says so', () => {
    const shown = desired(cell, observing([aNewContext('ordering')], { mongodb: away }));
    deepEqual([shown.images, shown.effects, shown.ready], [{}, [], 'False MongoDBAway']);
  });
  it('leaves what runs as it is: no update, no way back, no new password', () => {
    const failed = aRunningContext('ordering', {
      wanted: aRelease('ordering:2'),
      running: { release: aRelease('ordering:2'), good: aRelease('ordering:1'), hasFailed: true },
    });
    const shown = desired(cell, observing([failed], { mongodb: away }));
    deepEqual([shown.images, shown.ready], [{ ordering: 'ordering:2' }, 'False MongoDBAway']);
  });
  it('costs no context its Secret', () => {
    const shown = desired(cell, observing([aRunningContext('ordering')], { mongodb: away }));
    equal(shown.names.includes('Secret ordering'), true);
  });
  it('costs no context its place on the map: a Deployment that someone deleted is made again', () => {
    const deleted = { ...aRunningContext('ordering'), running: undefined };
    const shown = desired(cell, observing([deleted], { mongodb: away }));
    deepEqual([shown.images, shown.effects], [{ ordering: 'ordering:1' }, []]);
    match(shown.child('ConfigMap', 'context-map').data['map.json'], /acme-ordering/);
  });
  it('lets a Deployment be whose Secret someone deleted, since its pods have what it said', () => {
    const running = aRunningContext('ordering');
    const shown = desired(cell, observing([{ ...running, stored: undefined }], { mongodb: away }));
    equal(shown.names.includes('Secret ordering'), false);
    const { annotations } = shown.child('Deployment', 'ordering').spec.template.metadata;
    deepEqual(Object.values(annotations), [running.running?.secretHash]);
  });
});

describe('a database user of this name that the operator did not make', () => {
  it('is left alone, and named', () => {
    const foreign = { accounts: new Map([['acme-ordering', '']]) };
    const shown = desired(cell, observing([aNewContext('ordering')], { mongodb: foreign }));
    deepEqual([shown.images, shown.effects, shown.ready], [{}, [], 'False AccountNotOurs']);
    match(shown.message, /acme-ordering/);
  });
});

describe("a cell's status", () => {
  it('lists tenants, contexts and every database that there has been', () => {
    const had = aCell({ status: { conditions: [], databases: ['acme-billing'] } });
    const tenants = [aCellTenant({ contexts: ['ordering'] })];
    const { status } = desired(had, observing([aRunningContext('ordering')], { tenants }));
    deepEqual(status, {
      tenants: [{ name: 'acme', id: 'acme-12345678', contexts: ['ordering'] }],
      contexts: [{ name: 'ordering', version: '1.0.0', image: 'ordering:1', ready: true }],
      databases: ['acme-billing', 'acme-ordering'],
    });
  });
  it('does without a tenant that is being deleted, so that its documents can go', () => {
    const tenants = [aCellTenant({ contexts: ['ordering'], isLeaving: true })];
    deepEqual(desired(aCell(), observing([], { tenants })).status.tenants, []);
  });
});

describe('credentials for registries of images', () => {
  const found = { name: 'registry', dockerConfig: 'e30=' };
  const missing = { name: 'mirror', dockerConfig: undefined };
  const well = aRunningContext('ordering');
  it('are copied beside the pods, which find them by their account', () => {
    const shown = desired(cell, observing([well], { pullSecrets: [found, missing] }));
    deepEqual(shown.child('Secret', 'pull-registry').data, { '.dockerconfigjson': 'e30=' });
    equal(shown.child('Secret', 'pull-mirror'), undefined);
    deepEqual(shown.child('ServiceAccount', 'contexts').imagePullSecrets, [
      { name: 'pull-registry' },
      { name: 'pull-mirror' },
    ]);
  });
  it('are looked at again by themselves, since nothing tells of their change', () => {
    const { requeueAfterSeconds = Number.POSITIVE_INFINITY } = desired(
      cell,
      observing([well], { pullSecrets: [found] }),
    );
    equal(requeueAfterSeconds <= 30, true);
  });
  it('are asked for while pods do not become ready', () => {
    const starting = desired(cell, observing([aNewContext('ordering')], { pullSecrets: [found, missing] }));
    equal(starting.ready, 'False PullSecretMissing');
    match(starting.message, /no Secret mirror of type kubernetes\.io\/dockerconfigjson/);
    equal(desired(cell, observing([well], { pullSecrets: [missing] })).ready, 'True Running');
    equal(
      desired(cell, observing([aNewContext('ordering')], { pullSecrets: [found] })).ready,
      'False ContextNotReady',
    );
  });
});

describe('what a cell says it runs', () => {
  const [before, after] = [aRelease('ordering:1'), aRelease('ordering:2', { version: '2.0.0' })];
  const shownOf = (running: object, isAwake = true) =>
    desired(cell, observing([aRunningContext('ordering', { wanted: after, running, isAwake })])).status
      .contexts[0];
  it('names what it goes back to, until the new version has become ready', () => {
    const starting = shownOf({ release: after, good: before, isUpToDate: false });
    deepEqual([starting?.version, starting?.fallback], ['2.0.0', { version: '1.0.0', image: 'ordering:1' }]);
    equal(shownOf({ release: after, good: before })?.fallback, undefined);
  });
  it('names none while it sleeps, so as to hold up nobody', () =>
    equal(shownOf({ release: after, good: before }, false)?.fallback, undefined));
});

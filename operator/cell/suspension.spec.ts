import { deepEqual, equal } from 'node:assert/strict';
import { aCellTenant, aRelease, aRunningContext, desired, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const cell = aCell();
const asleep = aRunningContext('ordering', {
  isAwake: false,
  running: { replicas: 0, available: 0, isUpToDate: true },
});
const tenants = [aCellTenant({ contexts: ['ordering'], awake: [] })];
const suspended = desired(cell, observing([asleep], { tenants }));
const tenantsOnMap = ({ child }: ReturnType<typeof desired>) =>
  JSON.parse(child('ConfigMap', 'context-map').data['map.json']).tenants;

describe('a suspended tenant of a dedicated cell', () => {
  it('has its pods scaled to zero', () => equal(suspended.child('Deployment', 'ordering').spec.replicas, 0));
  it('has no autoscaler, which would scale them up again', () =>
    equal(suspended.names.includes('HorizontalPodAutoscaler ordering'), false));
  it('keeps its Secret, its accounts and its databases', () => {
    equal(suspended.names.includes('Secret ordering'), true);
    deepEqual(suspended.effects, []);
  });
  it('stays on the map, so that its events wait for it', () =>
    deepEqual(tenantsOnMap(suspended), [{ id: 'acme-12345678', cell: 'acme', contexts: ['ordering'] }]));
  it('is ready, as it is what was asked for', () => equal(suspended.ready, 'True Suspended'));
  it('takes new versions without anybody to wait for', () => {
    const behind = { ...asleep, wanted: aRelease('ordering:2') };
    const shown = desired(cell, observing([aRunningContext('catalog'), behind]));
    equal(shown.images['ordering'], 'ordering:2');
  });
});

describe('a tenant that is resumed', () => {
  const resumed = desired(cell, observing([{ ...asleep, isAwake: true }]));
  it('is given back to the autoscaler: the Deployment says no number of replicas', () => {
    equal('replicas' in resumed.child('Deployment', 'ordering').spec, false);
    equal(resumed.names.includes('HorizontalPodAutoscaler ordering'), true);
  });
  it('is waited for', () => equal(resumed.ready, 'False ContextNotReady'));
});

describe('a suspended tenant of a pooled cell', () => {
  const pool = aCell({ spec: { isolation: 'Pooled' } });
  const both = [
    aCellTenant({ contexts: ['ordering'], awake: [] }),
    aCellTenant({ name: 'globex', id: 'globex-12345678', contexts: ['ordering'] }),
  ];
  const shown = desired(pool, observing([aRunningContext('ordering')], { tenants: both }));
  it('leaves the map, and the others stay', () =>
    deepEqual(tenantsOnMap(shown), [{ id: 'globex-12345678', cell: 'acme', contexts: ['ordering'] }]));
  it('stops nothing that others use', () =>
    equal('replicas' in shown.child('Deployment', 'ordering').spec, false));
});

import { deepEqual, equal, match } from 'node:assert/strict';
import { PROVEN_RELEASE, REFUSED_RELEASE, RELEASE_BEFORE } from './names.ts';
import {
  aNewContext,
  aRelease,
  aRunningContext,
  DOWN,
  desired,
  FAILED,
  observing,
  STARTING,
} from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const cell = aCell();
const [one, two, three] = [aRelease('ordering:1'), aRelease('ordering:2'), aRelease('ordering:3')];

/** A context that runs version 1 well, with version 2 released. */
const behind = (name: string) =>
  aRunningContext(name, { wanted: aRelease(`${name}:2`), running: { release: aRelease(`${name}:1`) } });

describe('a rolling update', () => {
  it('starts new contexts all at once', () => {
    const shown = desired(cell, observing([aNewContext('catalog'), aNewContext('ordering')]));
    deepEqual(shown.images, { catalog: 'catalog:1', ordering: 'ordering:1' });
    equal(shown.ready, 'False ContextNotReady');
  });
  it('changes nothing when everything runs what is released', () => {
    const shown = desired(cell, observing([aRunningContext('catalog'), aRunningContext('ordering')]));
    deepEqual(shown.images, { catalog: 'catalog:1', ordering: 'ordering:1' });
    equal(shown.ready, 'True Running');
  });
  it('changes the first of several', () => {
    const shown = desired(cell, observing([behind('catalog'), behind('ordering'), behind('shipping')]));
    deepEqual(shown.images, { catalog: 'catalog:2', ordering: 'ordering:1', shipping: 'shipping:1' });
    equal(shown.ready, 'False ContextNotReady');
    match(shown.message, /catalog \(catalog:2\), ordering \(ordering:2\),? and shipping \(shipping:2\)/);
  });
  it('changes the next when the first is ready', () => {
    const shown = desired(
      cell,
      observing([aRunningContext('catalog'), behind('ordering'), behind('shipping')]),
    );
    deepEqual(shown.images, { catalog: 'catalog:1', ordering: 'ordering:2', shipping: 'shipping:1' });
  });
  it('waits while another context is not ready', () => {
    const catalog = aRunningContext('catalog', { running: STARTING });
    deepEqual(desired(cell, observing([catalog, behind('ordering')])).images, {
      catalog: 'catalog:1',
      ordering: 'ordering:1',
    });
  });
  it('waits while a new context starts', () => {
    const shown = desired(cell, observing([aNewContext('catalog'), behind('ordering')]));
    equal(shown.images['ordering'], 'ordering:1');
  });
  it('waits for nobody with a context that serves nobody', () => {
    const broken = aRunningContext('ordering', {
      wanted: two,
      running: { release: one, good: undefined, ...DOWN },
    });
    const catalog = aRunningContext('catalog', { running: STARTING });
    equal(desired(cell, observing([catalog, broken])).images['ordering'], 'ordering:2');
  });
  it('lets a context that is not well go before others, since the change may be its cure', () => {
    const ill = aRunningContext('ordering', {
      wanted: three,
      running: { release: two, good: one, ...STARTING },
    });
    const shown = desired(cell, observing([behind('catalog'), ill]));
    deepEqual(shown.images, { catalog: 'catalog:1', ordering: 'ordering:3' });
  });
  it('lets two that are not well not wait for each other', () => {
    const ill = (name: string) =>
      aRunningContext(name, {
        wanted: aRelease(`${name}:2`),
        running: { release: aRelease(`${name}:1`), good: undefined, ...STARTING },
      });
    const shown = desired(cell, observing([ill('catalog'), ill('ordering')]));
    deepEqual(shown.images, { catalog: 'catalog:2', ordering: 'ordering:1' });
  });
  it('counts other resources as another version, another version number alone not', () => {
    const running = { release: one };
    const larger = { ...one, resources: { cpu: '50m', memory: '256Mi' } };
    const catalog = aRunningContext('catalog', { running: STARTING });
    const shown = (wanted: typeof one) =>
      desired(cell, observing([catalog, aRunningContext('ordering', { wanted, running })]));
    const memoryOf = ({ child }: ReturnType<typeof shown>) =>
      child('Deployment', 'ordering').spec.template.spec.containers[0].resources.limits.memory;
    equal(memoryOf(shown(larger)), '192Mi');
    equal(shown({ ...one, version: '1.0.1' }).status.contexts[1]?.version, '1.0.1');
  });
});

describe('a version that does not become ready', () => {
  const failed = aRunningContext('ordering', {
    wanted: two,
    running: { release: two, good: one, ...FAILED },
  });
  const takenBack = aRunningContext('ordering', { wanted: two, running: { release: one, refused: two } });
  const statusOf = (shown: ReturnType<typeof desired>) => shown.status.contexts;

  it('is taken back to the last that did', () => {
    const shown = desired(cell, observing([aRunningContext('catalog'), failed]));
    equal(shown.images['ordering'], 'ordering:1');
    equal(shown.ready, 'False RolledBack');
    match(shown.message, /ordering:2 did not become ready and was taken back to ordering:1.*release another/);
  });
  it('is remembered by the Deployment, in the same write', () => {
    const { annotations } = desired(cell, observing([failed])).child('Deployment', 'ordering').metadata;
    equal(JSON.parse(annotations[REFUSED_RELEASE]).image, 'ordering:2');
    equal(JSON.parse(annotations[RELEASE_BEFORE]).image, 'ordering:1');
  });
  it('is not tried again', () => {
    const shown = desired(cell, observing([takenBack]));
    deepEqual([shown.images['ordering'], shown.ready], ['ordering:1', 'False RolledBack']);
    deepEqual(statusOf(shown), [
      { name: 'ordering', version: '1.0.0', image: 'ordering:1', refusedImage: 'ordering:2', ready: true },
    ]);
  });
  it('is not tried again either when someone has deleted the Deployment', () => {
    const noted = { image: 'ordering:1', refusedImage: 'ordering:2' };
    const shown = desired(cell, observing([aNewContext('ordering', { wanted: two, noted })]));
    deepEqual([shown.images['ordering'], shown.ready], ['ordering:1', 'False RolledBack']);
  });
  it('gives way to the next', () => {
    const shown = desired(cell, observing([{ ...takenBack, wanted: three }]));
    equal(shown.images['ordering'], 'ordering:3');
    equal(statusOf(shown)[0]?.refusedImage, undefined);
  });
  it('gives way to the same image with other resources, which may be what it lacked', () => {
    const larger = { ...two, resources: { cpu: '50m', memory: '512Mi' } };
    equal(desired(cell, observing([{ ...takenBack, wanted: larger }])).images['ordering'], 'ordering:2');
  });
  it('holds up no other context', () => {
    const shown = desired(cell, observing([behind('catalog'), takenBack]));
    deepEqual(shown.images, { catalog: 'catalog:2', ordering: 'ordering:1' });
  });
  it('stays when it is the first that ever ran here', () => {
    const first = aRunningContext('ordering', {
      running: { release: one, good: undefined, ...FAILED, ...DOWN, hasFailed: true },
    });
    const shown = desired(cell, observing([first]));
    deepEqual([shown.images['ordering'], shown.ready], ['ordering:1', 'False ContextFailed']);
    match(shown.message, /kubectl -n cadastre-acme describe pods -l cadastre.dev\/context=ordering/);
  });
  it('stays when it has been ready before and only its pods are ill now', () => {
    const ill = aRunningContext('ordering', { running: { release: two, good: two, before: one, ...FAILED } });
    equal(desired(cell, observing([ill])).images['ordering'], 'ordering:2');
  });
});

describe('a version that has become ready', () => {
  const updated = { release: two, good: one, before: one };
  const shownOf = (running: object, overrides: object = {}) =>
    desired(cell, observing([aRunningContext('ordering', { running, ...overrides })]));
  const annotationsOf = (...args: Parameters<typeof shownOf>) =>
    shownOf(...args).child('Deployment', 'ordering').metadata.annotations;
  const provenIn = (...args: Parameters<typeof shownOf>) =>
    JSON.parse(shownOf(...args).child('Service', 'ordering').metadata.annotations[PROVEN_RELEASE]).image;
  const beforeIn = (...args: Parameters<typeof shownOf>) =>
    JSON.parse(annotationsOf(...args)[RELEASE_BEFORE]).image;

  it('is noted as proven, and stays so when its pods are ill', () => {
    equal(provenIn({ ...updated, ...STARTING }), 'ordering:1');
    equal(provenIn(updated), 'ordering:2');
    equal(provenIn({ ...updated, good: two, ...STARTING }), 'ordering:2');
  });
  it('is not noted on its Deployment: a change would put it in doubt again', () =>
    deepEqual(annotationsOf(updated), annotationsOf({ ...updated, ...STARTING })));
  it('is the one to go back to from the next', () =>
    equal(beforeIn({ ...updated, good: two }, { wanted: three }), 'ordering:2'));
  it('is the one to go back to also when the next comes before it was noted', () =>
    equal(beforeIn(updated, { wanted: three }), 'ordering:2'));
  it('is the one to go back to also when it is ill at that moment', () =>
    equal(beforeIn({ ...updated, good: two, ...STARTING }, { wanted: three }), 'ordering:2'));
});

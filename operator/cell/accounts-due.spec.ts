import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { accessIn, passwordsIn } from './access.ts';
import type { CellEffect } from './effects.ts';
import { ROTATED_AT } from './names.ts';
import { aNewContext, anAccess, aRelease, aRunningContext, desired, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const cell = aCell();
const shortly = (effects: readonly CellEffect[] = []) =>
  effects.map((effect) => {
    if (effect.type === 'ProvideAccount') return `${effect.type} ${effect.server} ${effect.account.name}`;
    return effect.type === 'RemoveAccount'
      ? `${effect.type} ${effect.server} ${effect.name}`
      : `${effect.type} ${effect.name}`;
  });
const none = { accounts: new Map<string, string>() };
const hashIn = ({ child }: ReturnType<typeof desired>, name: string) =>
  child('Deployment', name).spec.template.metadata.annotations['cadastre.dev/secret-hash'];

describe('the accounts of a context', () => {
  it('are provided at both servers for a new context, and none for one that has them', () => {
    const { effects } = desired(cell, observing([aRunningContext('catalog'), aNewContext('ordering')]));
    deepEqual(shortly(effects), [
      'ProvideAccount MongoDB acme-ordering',
      'ProvideAccount Redis acme-ordering',
    ]);
  });
  it('have the passwords of the Secret that is applied after them', () => {
    const { effects = [], child } = desired(cell, observing([aNewContext('ordering')]));
    const access = accessIn(child('Secret', 'ordering'));
    const given = effects.flatMap((effect) =>
      effect.type === 'ProvideAccount' ? [effect.account.password] : [],
    );
    deepEqual(given, Object.values((access && passwordsIn(access)) ?? {}));
  });
  it('are set again, with the same password, when Redis has forgotten them', () => {
    const context = aRunningContext('ordering');
    const shown = desired(cell, observing([context], { redis: none }));
    deepEqual(shortly(shown.effects), ['ProvideAccount Redis acme-ordering']);
    equal(hashIn(shown, 'ordering'), context.running?.secretHash);
  });
  it('are set again while MongoDB is away, too', () => {
    const mongodb = { fault: { reason: 'MongoDBAway', message: '' } };
    const { effects } = desired(cell, observing([aRunningContext('ordering')], { mongodb, redis: none }));
    deepEqual(shortly(effects), ['ProvideAccount Redis acme-ordering']);
  });
  it('end when the context leaves the plans, and its database stays', () => {
    const had = aCell({ status: { conditions: [], databases: ['acme-billing', 'acme-ordering'] } });
    const ordering = aRunningContext('ordering');
    const billing = aRunningContext('billing');
    const both = observing([billing, ordering]);
    const { effects, status } = desired(had, { ...both, candidates: [ordering] });
    deepEqual(shortly(effects), [
      'RemoveAccount MongoDB acme-billing',
      'RemoveAccount Redis acme-billing',
      'DropQueue acme-billing',
    ]);
    deepEqual(status.databases, ['acme-billing', 'acme-ordering']);
  });
});

describe('a Secret that someone deleted', () => {
  it('is made anew with new passwords, and the pods restart', () => {
    const context = aRunningContext('ordering', { fresh: anAccess('acme-ordering', 'other') });
    const shown = desired(
      cell,
      observing([{ ...context, stored: undefined }], { mongodb: none, redis: none }),
    );
    deepEqual(shortly(shown.effects), [
      'ProvideAccount MongoDB acme-ordering',
      'ProvideAccount Redis acme-ordering',
    ]);
    notEqual(hashIn(shown, 'ordering'), context.running?.secretHash);
  });
});

describe('secrets that are to rotate', () => {
  const rotated = aCell({ spec: { rotateSecretsAt: 'today' } });
  const due = (name: string) => aRunningContext(name, { fresh: anAccess(`acme-${name}`, 'today') });
  const rotationOf = ({ child }: ReturnType<typeof desired>, name: string) =>
    child('Secret', name).metadata.annotations[ROTATED_AT];

  it('do so one context at a time: account, Secret and pods together', () => {
    const catalog = due('catalog');
    const shown = desired(rotated, observing([catalog, due('ordering')]));
    deepEqual(shortly(shown.effects), [
      'ProvideAccount MongoDB acme-catalog',
      'ProvideAccount Redis acme-catalog',
    ]);
    deepEqual([rotationOf(shown, 'catalog'), rotationOf(shown, 'ordering')], ['today', '']);
    notEqual(hashIn(shown, 'catalog'), catalog.running?.secretHash);
    equal(shown.ready, 'False ContextNotReady');
  });
  it('wait while another context is not ready', () => {
    const starting = aRunningContext('catalog', { running: { isUpToDate: false } });
    const shown = desired(rotated, observing([starting, due('ordering')]));
    deepEqual([shown.effects, rotationOf(shown, 'ordering')], [[], '']);
  });
  it('rotate together with a new version', () => {
    const running = { release: aRelease('ordering:1') };
    const shown = desired(
      rotated,
      observing([
        {
          ...due('ordering'),
          ...aRunningContext('ordering', {
            running,
            wanted: aRelease('ordering:2'),
            fresh: anAccess('acme-ordering', 'today'),
          }),
        },
      ]),
    );
    deepEqual([shown.images['ordering'], rotationOf(shown, 'ordering')], ['ordering:2', 'today']);
  });
});

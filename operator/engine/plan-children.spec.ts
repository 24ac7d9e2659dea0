import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { asDesired } from './as-desired.ts';
import type { Difference } from './differences.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import {
  APPLIED_ANNOTATION,
  MANAGED_BY_LABEL,
  OWNER_LABEL,
  type Owner,
  ownerLabel,
  stamped,
} from './ownership.ts';
import { nameOfChild, ownedChildren, type PlanInput, planChildren } from './plan-children.ts';
import type { Resource } from './resource.ts';
import { aWorld } from './testing/a-world.ts';
import { networkPolicies } from './testing/garden.ts';
import { aConfigMap, type ConfigMap, configMaps, namespaces } from './testing/ground.ts';

const gardens: Resource = {
  group: 'example.dev',
  version: 'v1',
  kind: 'Garden',
  plural: 'gardens',
  namespaced: false,
};
const resources = [configMaps, networkPolicies, namespaces];

const anOwner = (overrides: Partial<KubeObject['metadata']> = {}): Owner => ({
  name: 'garden',
  resource: gardens,
  parent: {
    apiVersion: 'example.dev/v1',
    kind: 'Garden',
    metadata: { name: 'rose', uid: 'u1', ...overrides },
  },
});
const owner = anOwner();

const aFlower = (overrides: Parameters<typeof aConfigMap>[1] = {}): ConfigMap =>
  aConfigMap('garden-rose', { data: { colour: 'green' }, ...overrides });
const aNamespace = (metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'garden-rose', ...metadata },
});

/** As the API server has it after it was applied. */
const applied = <T extends KubeObject>(
  object: T,
  by = owner,
  metadata: Partial<KubeObject['metadata']> = {},
): T => {
  const known = stamped(object, by);
  return { ...known, metadata: { ...known.metadata, uid: 'c1', resourceVersion: '7', ...metadata } } as T;
};

const planOf = (
  desired: readonly KubeObject[],
  there: readonly KubeObject[] = [],
  more: Partial<PlanInput> = {},
) => planChildren({ owner, desired, resources, world: aWorld(resources, there), ...more });

const stepsOf = (...given: Parameters<typeof planOf>) =>
  planOf(...given).steps.map(({ does, child }) => `${does} ${nameOfChild(child)}`);

describe('planChildren', () => {
  it('applies what is not there, namespaces first', () =>
    deepEqual(stepsOf([aFlower(), aNamespace()]), [
      'apply Namespace garden-rose',
      'apply ConfigMap garden-rose/a',
    ]));

  it('leaves alone what is as it was applied', () =>
    deepEqual(stepsOf([aFlower()], [applied(aFlower())]), ['leave ConfigMap garden-rose/a']));

  it('leaves alone what others and the API server added', () => {
    const there = applied(aFlower({ data: { colour: 'green', scent: 'sweet' } }));
    const annotations = { ...applied(aFlower()).metadata.annotations, 'example.dev/by': 'people' };
    deepEqual(stepsOf([aFlower()], [{ ...there, metadata: { ...there.metadata, annotations } }]), [
      'leave ConfigMap garden-rose/a',
    ]);
  });

  it('applies what drifted', () =>
    deepEqual(stepsOf([aFlower()], [{ ...applied(aFlower()), data: { colour: 'black' } } as ConfigMap]), [
      'apply ConfigMap garden-rose/a',
    ]));

  it('applies what is no longer desired in a field', () =>
    deepEqual(stepsOf([aFlower({ data: {} })], [applied(aFlower())]), ['apply ConfigMap garden-rose/a']));

  it('leaves alone what the API server itself keeps otherwise', () => {
    const asked: Difference[] = [];
    const areKnown: PlanInput['areKnown'] = (_, differences) => asked.push(...differences) > 0;
    const there = { ...applied(aFlower()), data: { colour: 'GREEN' } } as ConfigMap;
    deepEqual(stepsOf([aFlower()], [there], { areKnown }), ['leave ConfigMap garden-rose/a']);
    deepEqual(asked, [{ path: 'data.colour', actual: 'GREEN' }]);
  });

  describe('with objects that it has found as desired', () => {
    const flower = applied(aFlower());
    /** Plans twice, and counts how often an object was compared. */
    const comparisons = (first: KubeObject, second: KubeObject, by = owner) => {
      let count = 0;
      const spied = new Proxy(flower, {
        get: (target, field, self) => {
          if (field === 'data') count += 1;
          return Reflect.get(target, field, self);
        },
        ownKeys: (target) => {
          count += 1;
          return Reflect.ownKeys(target);
        },
      });
      const memory = { asDesired: asDesired() };
      planOf([first], [spied], memory);
      const before = count;
      const { steps } = planOf([second], [spied], { ...memory, owner: by });
      return { isCompared: count > before, does: steps[0]?.does };
    };
    it('does not compare them again', () =>
      deepEqual(comparisons(aFlower(), aFlower()), { isCompared: false, does: 'leave' }));
    it('applies them when something else is desired', () =>
      equal(comparisons(aFlower(), aFlower({ data: { colour: 'red' } })).does, 'apply'));
    it('refuses them when the parent was made anew', () =>
      equal(comparisons(aFlower(), aFlower(), anOwner({ uid: 'u2' })).does, 'refuse'));
  });

  describe('with objects of others', () => {
    const foreign: [string, KubeObject][] = [
      ['no label', aFlower({ uid: 'c1' })],
      ['the parent’s former UID', applied(aFlower(), anOwner({ uid: 'u0' }))],
      ['another parent’s', applied(aFlower(), anOwner({ name: 'herb', uid: 'u2' }))],
      ['our label alone', aFlower({ labels: { [OWNER_LABEL]: 'garden.rose' } })],
    ];
    for (const [what, there] of foreign) {
      it(`refuses one with ${what}, and does not prune it`, () => {
        deepEqual(stepsOf([aFlower()], [there]), ['refuse ConfigMap garden-rose/a']);
        deepEqual(planOf([], [there]).prune, []);
      });
    }

    it('refuses one that has our UID and not our label', () => {
      const there = applied(aFlower());
      deepEqual(stepsOf([aFlower()], [{ ...there, metadata: { ...there.metadata, labels: {} } }]), [
        'refuse ConfigMap garden-rose/a',
      ]);
    });

    it('applies nothing into a namespace that is refused', () =>
      deepEqual(stepsOf([aFlower(), aNamespace()], [aNamespace({ uid: 'n1' })]), [
        'refuse Namespace garden-rose',
        'skip ConfigMap garden-rose/a',
      ]));
  });

  describe('with objects that are being deleted', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z';

    it('waits for them', () =>
      deepEqual(stepsOf([aFlower()], [applied(aFlower(), owner, { deletionTimestamp })]), [
        'wait ConfigMap garden-rose/a',
      ]));

    it('applies nothing into a namespace that it waits for', () =>
      deepEqual(stepsOf([aFlower(), aNamespace()], [applied(aNamespace(), owner, { deletionTimestamp })]), [
        'wait Namespace garden-rose',
        'skip ConfigMap garden-rose/a',
      ]));

    it('does not delete them again', () => {
      const { prune, leaving } = planOf([], [applied(aFlower(), owner, { deletionTimestamp })]);
      deepEqual(prune, []);
      deepEqual(leaving.map(nameOfChild), ['ConfigMap garden-rose/a']);
    });
  });

  it('prunes what is owned and no longer desired, namespaces last', () =>
    deepEqual(
      planOf(
        [aFlower()],
        [applied(aNamespace()), applied(aFlower()), applied(aFlower({ name: 'b' }))],
      ).prune.map(nameOfChild),
      ['ConfigMap garden-rose/b', 'Namespace garden-rose'],
    ));

  describe('tells the author of a controller', () => {
    it('of a kind that is not among its children', () =>
      throws(() => planOf([{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }]), /Secret of v1/));
    it('of a child without a namespace', () =>
      throws(() => planOf([{ ...aFlower(), metadata: { name: 'a' } }]), /without a namespace/));
    it('of a child that is desired twice', () => throws(() => planOf([aFlower(), aFlower()]), /twice/));
  });
});

describe('stamped', () => {
  it('adds labels, owner and hash to what the child has itself', () => {
    const { metadata } = stamped(aFlower({ labels: { a: 'b' }, annotations: { c: 'd' } }), owner);
    deepEqual(metadata.labels, { a: 'b', [MANAGED_BY_LABEL]: 'cadastre', [OWNER_LABEL]: 'garden.rose' });
    equal(metadata.annotations?.['c'], 'd');
    match(metadata.annotations?.[APPLIED_ANNOTATION] ?? '', /^[0-9a-f]{32}$/);
    equal(metadata.ownerReferences?.[0]?.uid, 'u1');
  });

  it('gives the same hash whatever the order of keys, and another for other content', () => {
    const hashOf = (data: Record<string, string>) =>
      stamped(aFlower({ data }), owner).metadata.annotations?.[APPLIED_ANNOTATION];
    equal(hashOf({ a: '1', b: '2' }), hashOf({ b: '2', a: '1' }));
    equal(hashOf({ a: '1' }) === hashOf({ a: '2' }), false);
  });
});

describe('ownerLabel', () => {
  it('tells parents with long names apart within the 63 characters of a label', () => {
    const [a, b] = ['a', 'b'].map((end) => ownerLabel(anOwner({ name: `${'x'.repeat(70)}${end}` })));
    equal(a?.length, 63);
    equal(a === b, false);
  });
});

describe('ownedChildren', () => {
  it('finds all that is the parent’s, whatever is desired', () =>
    deepEqual(
      ownedChildren({
        owner,
        resources,
        world: aWorld(resources, [applied(aFlower()), aFlower({ name: 'b' }), applied(aNamespace())]),
      }).map(({ object }) => keyOf(object)),
      ['garden-rose/a', 'garden-rose'],
    ));
});

import { deepEqual } from 'node:assert/strict';
import type { Controller, Watch } from './controller.ts';
import type { KubeObject } from './kube-object.ts';
import { aWorld } from './testing/a-world.ts';
import { networkPolicies } from './testing/garden.ts';
import { aConfigMap, type ConfigMap, configMaps } from './testing/ground.ts';
import { wakeUp } from './wake-up.ts';

const ripe = (colour: string, metadata: object = {}): ConfigMap => {
  const flower = aConfigMap('garden', { data: { colour } });
  return { ...flower, metadata: { ...flower.metadata, uid: 'u1', ...metadata } };
};

/** Gardeners look after whatever is as their name. */
const wokenBy = (watch: Pick<Watch, 'sees'>, ...states: readonly ConfigMap[]): string[] => {
  const world = aWorld([networkPolicies, configMaps]);
  const controller: Controller<ConfigMap, undefined> = {
    name: 'gardener',
    parent: networkPolicies,
    children: [],
    watches: [
      {
        resource: configMaps,
        parentsOf: (object) => Object.values((object as ConfigMap).data ?? {}),
        ...watch,
      },
    ],
    observe: () => undefined,
    desired: () => ({ children: [], status: {}, conditions: [] }),
  };
  const woken: string[] = [];
  const end = wakeUp(controller, world, (key) => void woken.push(key));
  for (const state of states) world.see(state);
  end();
  return woken;
};

const sees: Watch['sees'] = (object) => (object as ConfigMap).data;

describe('a change of what is watched', () => {
  it('wakes those whom it concerned and those whom it concerns', () =>
    deepEqual(wokenBy({ sees }, ripe('red'), ripe('blue', { resourceVersion: '8' })), [
      'red',
      'red',
      'blue',
    ]));
  it('wakes nobody when nothing of it matters', () =>
    deepEqual(wokenBy({ sees }, ripe('red'), ripe('red', { resourceVersion: '8' })), ['red']));
  it('always matters to those who do not say what they see', () =>
    deepEqual(wokenBy({}, ripe('red'), ripe('red', { resourceVersion: '8' })), ['red', 'red', 'red']));
  it('matters when another takes its place', () =>
    deepEqual(wokenBy({ sees }, ripe('red'), ripe('red', { uid: 'u2', resourceVersion: '8' })), [
      'red',
      'red',
      'red',
    ]));
});

describe('all that is there in the beginning', () => {
  const aParent = (name: string, generation: number, observedGeneration: number): KubeObject =>
    ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: 'garden', generation },
      status: { observedGeneration },
    }) as KubeObject;

  it('wakes those first whose spec nobody has acted upon', () => {
    const world = aWorld([networkPolicies], [aParent('a', 1, 1), aParent('b', 2, 1), aParent('c', 2, 2)]);
    const woken = new Set<string>();
    const controller = { name: 'gardener', parent: networkPolicies, children: [] };
    const desired = () => ({ children: [], status: {}, conditions: [] });
    wakeUp({ ...controller, observe: () => undefined, desired }, world, (key) => void woken.add(key))();
    deepEqual([...woken], ['garden/b', 'garden/a', 'garden/c']);
  });
});

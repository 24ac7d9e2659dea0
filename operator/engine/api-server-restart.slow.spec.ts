import { equal } from 'node:assert/strict';
import { type ControlPlane, startControlPlane } from '../../local/servers/start-control-plane.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import type { Resource } from './resource.ts';
import { defineGardens, type Garden, namespaceOf } from './testing/garden.ts';
import { type ConfigMap, clientFor, configMaps, until } from './testing/ground.ts';
import { listGardens, type Tending, tend } from './testing/tend.ts';
import { createObject, findObject, listPage, mergePatch } from './verbs.ts';

const COUNT = 30;

describe('an operator whose API server is restarted', () => {
  let plane: ControlPlane;
  let people: KubeClient;
  let gardens: Resource;
  let operator: Tending;

  before(async function () {
    this.timeout(60_000);
    plane = await startControlPlane();
    people = clientFor(plane.kubeconfig);
    gardens = await defineGardens(people);
    operator = tend({ kubeconfig: plane.kubeconfig, resource: gardens });
  });
  after(async function () {
    this.timeout(30_000);
    await operator.stop();
    people.close();
    await plane.stop();
  });

  const names = Array.from({ length: COUNT }, (_, i) => `rose-${i}`);
  const plant = (name: string) => {
    const metadata = { name };
    const object: Garden = {
      apiVersion: `${gardens.group}/v1`,
      kind: 'Garden',
      metadata,
      spec: { plants: ['tulip', 'violet'] },
    };
    return createObject(people, { resource: gardens, object });
  };
  const reasons = async (): Promise<readonly (string | undefined)[]> =>
    (await listGardens(people, gardens)).map(({ status }) => status?.conditions?.[0]?.reason);
  const flowers = async () =>
    (await listPage<ConfigMap>(people, { resource: configMaps, labelSelector: 'cadastre.dev/owner' })).items;

  it('goes on where it was, without a word to people', async function () {
    this.timeout(120_000);
    const said = new Set<string | undefined>();
    for (const name of names) await plant(name);
    await until(async () => (await flowers()).length > 0);
    await plane.apiServer.restart();
    await until(async () => {
      const all = await reasons();
      for (const reason of all) said.add(reason);
      return all.length === COUNT && all.every((reason) => reason === 'Planted');
    });
    equal((await flowers()).length, 2 * COUNT);
    equal([...said].filter((reason) => ![undefined, 'Planting', 'Planted'].includes(reason)).join(), '');
  });

  it('still hears of changes afterwards, and is well', async function () {
    this.timeout(60_000);
    const key = `${namespaceOf('rose-7')}/tulip`;
    await mergePatch(people, { resource: configMaps, key, patch: { data: { colour: 'black' } } });
    await until(async () => {
      const found = await findObject<ConfigMap & KubeObject>(people, { resource: configMaps, key });
      return found?.data?.['colour'] === 'green';
    });
    equal(operator.health.ready(), undefined);
    equal(operator.health.live(), undefined);
  });
});

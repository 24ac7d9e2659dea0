import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import { pods, serviceAccounts } from '../cell/resources.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { clientFor, freshNamespace } from '../engine/testing/ground.ts';
import { createObject, getObject } from '../engine/verbs.ts';
import { wakeReaders } from './wake-readers.ts';

const DIGEST = 'cadastre.dev/map-digest';

const aPod = (namespace: string, name: string, labels: Record<string, string>) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'relay', image: 'relay:1' }] },
  }) as KubeObject;

describe('pods that read the map', () => {
  let kube: KubeClient;
  let namespace: string;
  const digestOf = async (name: string) =>
    (await getObject(kube, { resource: pods, key: `${namespace}/${name}` })).metadata.annotations?.[DIGEST];
  const versionOf = async (name: string) =>
    (await getObject(kube, { resource: pods, key: `${namespace}/${name}` })).metadata.resourceVersion;

  before(async () => {
    kube = clientFor((await testControlPlane()).kubeconfig);
    namespace = await freshNamespace(kube);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'default' } };
    await createObject(kube, { resource: serviceAccounts, object: account });
    for (const [name, reads] of [
      ['relay', 'landscape'],
      ['other', 'another'],
    ] as const)
      await createObject(kube, {
        resource: pods,
        object: aPod(namespace, name, { 'cadastre.dev/reads': reads }),
      });
  });
  after(() => kube.close());

  it('are changed with the map, and nobody else is', async () => {
    const map = { namespace, name: 'landscape' };
    await wakeReaders(kube, { ...map, content: 'one' });
    const first = await digestOf('relay');
    match(first ?? '', /^[0-9a-f]{16}$/);
    await wakeReaders(kube, { ...map, content: 'two' });
    notEqual(await digestOf('relay'), first);
    equal(await digestOf('other'), undefined);
  });

  it('are left alone while it stays the same', async () => {
    const map = { namespace, name: 'landscape', content: 'three' };
    await wakeReaders(kube, map);
    const before = await versionOf('relay');
    await wakeReaders(kube, map);
    deepEqual(await versionOf('relay'), before);
  });

  it('may be none', () => wakeReaders(kube, { namespace, name: 'unread', content: 'one' }));
});

import { deepEqual, equal } from 'node:assert/strict';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { clientFor, freshNamespace } from '../engine/testing/ground.ts';
import { createObject, findObject, serverSideApply } from '../engine/verbs.ts';
import type { StoredSecret } from './access.ts';
import { pullSecretCopies } from './children/pull-secrets.ts';
import { clusterPullSecrets, DOCKER_CONFIG, DOCKER_CONFIG_TYPE } from './pull-secrets.ts';
import { secrets } from './resources.ts';

const dockerConfig = Buffer.from('{"auths":{"registry.example.com":{"auth":"Og=="}}}').toString('base64');

describe('credentials for registries on an API server', function () {
  this.timeout(60_000);
  let kube: KubeClient;
  let namespace: string;
  before(async () => {
    kube = clientFor((await testControlPlane()).kubeconfig);
    namespace = await freshNamespace(kube);
    const base = { apiVersion: 'v1', kind: 'Secret' };
    for (const object of [
      {
        ...base,
        metadata: { name: 'registry', namespace },
        type: DOCKER_CONFIG_TYPE,
        data: { [DOCKER_CONFIG]: dockerConfig },
      },
      { ...base, metadata: { name: 'opaque', namespace }, data: { password: dockerConfig } },
    ])
      await createObject(kube, { resource: secrets, object });
  });
  after(() => kube?.close());

  it('are those that were named, of the right type', async () => {
    const names = ['registry', 'opaque', 'nowhere'];
    deepEqual(await clusterPullSecrets({ kube, namespace, names }).read(), [
      { name: 'registry', dockerConfig },
      { name: 'opaque', dockerConfig: undefined },
      { name: 'nowhere', dockerConfig: undefined },
    ]);
  });
  it('are copied whole into a cell, and nothing else of the namespace', async () => {
    const cell = await freshNamespace(kube);
    const found = await clusterPullSecrets({ kube, namespace, names: ['registry', 'opaque'] }).read();
    const copies = pullSecretCopies(cell, found);
    deepEqual(
      copies.map(({ metadata }) => metadata.name),
      ['pull-registry'],
    );
    for (const object of copies)
      await serverSideApply(kube, { resource: secrets, object, fieldManager: 'spec', force: true });
    const copy = await findObject<StoredSecret & { type?: string }>(kube, {
      resource: secrets,
      key: `${cell}/pull-registry`,
    });
    equal(copy?.type, DOCKER_CONFIG_TYPE);
    equal(copy?.data?.[DOCKER_CONFIG], dockerConfig);
  });
});

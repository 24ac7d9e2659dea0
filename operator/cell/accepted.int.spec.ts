import { deepEqual, equal, match } from 'node:assert/strict';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import { type ApiServer, callApiServer } from '../api/testing/call-api-server.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { apiVersionOf, collectionPath, type Resource } from '../engine/resource.ts';
import { cellChildren } from './resources.ts';
import { aNewContext, anUpstream, aRelease, aRunningContext, desired, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const cell = aCell({ spec: { namespace: `cadastre-accepted-${process.pid}` } });
const callsCatalog = aRelease('shop/ordering:1', { upstreams: [anUpstream('catalog', { via: 'rest' })] });
const landscape = { releases: new Map(), platform: new Set(['cloud']), frontDoor: 'cloud' };
const { children } = desired(
  cell,
  observing(
    [
      aRunningContext('catalog', {
        running: { release: aRelease('shop/catalog:2'), refused: aRelease('shop/catalog:3') },
      }),
      aNewContext('ordering', { wanted: callsCatalog }),
      aNewContext('shipping', { isAwake: false }),
    ],
    { landscape },
  ),
);

const resourceOf = ({ apiVersion, kind }: KubeObject): Resource => {
  const resource = cellChildren.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  if (resource === undefined) throw new Error(`${kind} of ${apiVersion} is not among the children of a cell`);
  return resource;
};

describe('the API server', function () {
  this.timeout(60_000);
  let call: ApiServer;
  /** Strict: an unknown or misspelt field is an error. */
  const apply = (object: KubeObject) => {
    const { namespace, name } = object.metadata;
    return call({
      method: 'PATCH',
      path: `${collectionPath(resourceOf(object), namespace)}/${name}?fieldManager=cadastre&fieldValidation=Strict&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: object,
    });
  };
  before(async () => {
    call = callApiServer(await testControlPlane());
  });

  it('takes every child of a cell as it is', async () => {
    for (const child of children) {
      const { status, body } = await apply(child);
      deepEqual([status, body.message], [201, undefined], `${child.kind} ${child.metadata.name}`);
    }
  });
  it('finds nothing to change in them the second time', async () => {
    for (const child of children) {
      const before = (await apply(child)).body.metadata?.resourceVersion;
      const after = (await apply(child)).body.metadata?.resourceVersion;
      equal(after, before, `${child.kind} ${child.metadata.name}`);
    }
  });
  it('gives a context that is resumed one replica, and its number to the autoscaler', async () => {
    const resumed = desired(cell, observing([aNewContext('shipping')])).child('Deployment', 'shipping');
    equal(((await apply(resumed)).body.spec as { replicas: number }).replicas, 1);
  });

  const pod = (spec: object): KubeObject =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'spec', namespace: cell.spec.namespace },
      spec,
    }) as KubeObject;
  const create = (object: KubeObject) =>
    call({
      method: 'POST',
      path: `/api/v1/namespaces/${cell.spec.namespace}/pods?dryRun=All&fieldValidation=Strict`,
      body: object,
    });
  type Template = { spec: { template: { spec: { containers: object[] } } } };
  const template = (children.find(({ kind }) => kind === 'Deployment') as unknown as Template).spec.template
    .spec;

  it('lets its pods into the namespace, under Pod Security restricted and the quota', async () => {
    const { status, body } = await create(pod(template));
    deepEqual([status, body.message], [201, undefined]);
  });
  it('keeps out pods that ask for more', async () => {
    const { status, body } = await create(pod({ ...template, hostNetwork: true }));
    equal(status, 403);
    match(body.message ?? '', /violates PodSecurity "restricted:latest"/);
  });
});

import { deepEqual } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { type ContextMap, contextMapSchema } from '../../kit/context-map/context-map.ts';
import { boundedContextKind } from '../api/bounded-context.ts';
import { serveKinds } from '../api/testing/serve-kinds.ts';
import { MAP_CONFIG, MAP_FILE } from '../cell/names.ts';
import { configMaps, deployments, services } from '../cell/resources.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import { liveWorld } from '../engine/live-world.ts';
import { type Reflector, startReflector } from '../engine/reflector.ts';
import { type ConfigMap, clientFor, freshNamespace } from '../engine/testing/ground.ts';
import { deleteObject, findObject, serverSideApply } from '../engine/verbs.ts';
import { platformInMap } from '../events/context.ts';
import { keepLandscapeMap } from './keep-map.ts';

const LANDSCAPE = 'landscape';
/** Other specs have cells on the same API server. */
const OURS = `keepmap${process.pid}-`;
const logger = pino({ level: 'silent' });

const aMap = (pool: string, ...tenants: string[]): ContextMap => {
  const cell = `${OURS}${pool}`;
  return contextMapSchema.parse({
    contexts: [{ cell, name: 'ordering', database: `${cell}-ordering`, scope: 'Tenant', upstreams: [] }],
    tenants: tenants.map((id) => ({ id, cell, contexts: ['ordering'] })),
  });
};

type Written = ConfigMap & { readonly binaryData?: Readonly<Record<string, string>> };

/** As a process reads the file that is mounted, whether it is compressed or not. */
const textIn = ({ data, binaryData }: Written): string | undefined => {
  const bytes = binaryData?.[MAP_FILE];
  return bytes === undefined ? data?.[MAP_FILE] : gunzipSync(Buffer.from(bytes, 'base64')).toString();
};

describe("the landscape's map on an API server", function () {
  this.timeout(60_000);
  let kube: KubeClient;
  let operatorNamespace: string;
  let cells: string[];
  let reflectors: Reflector[];
  let kept: Promise<void>;
  const stop = new AbortController();

  const tell = (namespace: string, text: string) => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: MAP_CONFIG, namespace },
      data: { [MAP_FILE]: text },
    };
    return serverSideApply(kube, { resource: configMaps, object, fieldManager: 'cell', force: true });
  };
  const written = () =>
    findObject<Written>(kube, { resource: configMaps, key: `${operatorNamespace}/${LANDSCAPE}` });
  const tenants = async (): Promise<string[]> => {
    const text = textIn((await written()) ?? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '' } });
    const all = text === undefined ? [] : contextMapSchema.parse(JSON.parse(text)).tenants;
    return all.flatMap(({ id, cell }) => (cell.startsWith(OURS) ? id : []));
  };
  const untilTenants = async (...expected: string[]): Promise<void> => {
    while (`${await tenants()}` !== `${expected}`) await delay(20);
  };

  before(async () => {
    const { plane } = await serveKinds();
    kube = clientFor(plane.kubeconfig);
    operatorNamespace = await freshNamespace(kube);
    cells = [await freshNamespace(kube), await freshNamespace(kube), await freshNamespace(kube)];
    reflectors = [configMaps, boundedContextKind, deployments, services].map((resource) =>
      startReflector({ client: kube, resource, logger, signal: stop.signal, indexes: {} }),
    );
    kept = keepLandscapeMap({
      ...{ client: kube, namespace: operatorNamespace, name: LANDSCAPE, logger, signal: stop.signal },
      world: liveWorld(reflectors),
      platform: [platformInMap],
    });
  });
  after(async () => {
    for (const namespace of cells)
      await deleteObject(kube, { resource: configMaps, key: `${namespace}/${MAP_CONFIG}` }).catch(
        () => undefined,
      );
    stop.abort();
    await kept;
    await Promise.all(reflectors.map(({ ended }) => ended));
    kube.close();
  });
  const cell = (index: number): string => cells[index] ?? '';

  it('is there with the operator before there is a cell', async () => {
    while ((await written()) === undefined) await delay(20);
    deepEqual(await tenants(), []);
  });
  it('follows what the cells say', async () => {
    await tell(cell(0), JSON.stringify(aMap('pool-1', 'acme')));
    await untilTenants('acme');
    await tell(cell(1), JSON.stringify(aMap('pool-2', 'globex')));
    await untilTenants('acme', 'globex');
    await tell(cell(0), JSON.stringify(aMap('pool-1', 'acme', 'hooli')));
    await untilTenants('acme', 'globex', 'hooli');
  });
  for (const [what, text] of [
    ['no JSON', '{ "contexts": ['],
    ['no map', '{ "contexts": "all" }'],
  ] as const) {
    it(`keeps a cell as it was whose map is ${what}, and goes on with the others`, async () => {
      await tell(cell(0), text);
      await tell(cell(2), JSON.stringify(aMap('pool-3', 'initech')));
      await untilTenants('acme', 'globex', 'hooli', 'initech');
      await tell(cell(0), JSON.stringify(aMap('pool-1', 'acme')));
      await untilTenants('acme', 'globex', 'initech');
      await tell(cell(0), JSON.stringify(aMap('pool-1', 'acme', 'hooli')));
      await deleteObject(kube, { resource: configMaps, key: `${cell(2)}/${MAP_CONFIG}` });
      await untilTenants('acme', 'globex', 'hooli');
    });
  }
});

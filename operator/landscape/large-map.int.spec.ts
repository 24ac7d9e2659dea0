import { deepEqual, equal, ok } from 'node:assert/strict';
import { pino } from 'pino';
import { type ContextMap, contextMapSchema, parseContextMap } from '../../kit/context-map/context-map.ts';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import { eventually } from '../../local/servers/testing/world.ts';
import { boundedContextKind } from '../api/bounded-context.ts';
import { MAP_CONFIG, MAP_FILE } from '../cell/names.ts';
import { configMaps, deployments, services } from '../cell/resources.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { FIELD_MANAGER } from '../engine/ownership.ts';
import { aWorld } from '../engine/testing/a-world.ts';
import { aConfigMap, clientFor, freshNamespace } from '../engine/testing/ground.ts';
import { findObject, serverSideApply } from '../engine/verbs.ts';
import { keepLandscapeMap } from './keep-map.ts';

const CONFIG_MAP_BYTES = 1024 * 1024;
const NAMES = ['catalog', 'ordering', 'shipping', 'billing', 'support'];
const eventsOf = (context: string) =>
  ['opened', 'changed', 'closed'].map((what) => ({ type: `${context}.subject-${what}.v1`, kind: 'subject' }));

/** A dedicated cell of five contexts, each of which reads what the one before it publishes. */
const mapOfCell = (cell: string): ContextMap =>
  contextMapSchema.parse({
    contexts: NAMES.map((name, index) => ({
      ...{ cell, name, database: `${cell}-${name}`, url: `http://${name}.cadastre-${cell}.svc` },
      upstreams: NAMES.slice(Math.max(0, index - 1), index).map((context) => ({
        ...{ context, start: 'now', consumes: eventsOf(context) },
      })),
    })),
    tenants: [{ id: `${cell}-0123abcd`, cell, contexts: NAMES }],
  });

const mapConfigOf = (cell: string, map = mapOfCell(cell)): KubeObject =>
  aConfigMap(`cadastre-${cell}`, { name: MAP_CONFIG, data: { [MAP_FILE]: JSON.stringify(map) } });

type Texts = Readonly<Record<string, string>>;
type LandscapeMap = KubeObject & { readonly data?: Texts; readonly binaryData?: Texts };

describe("the landscape's map of a thousand cells", function () {
  this.timeout(60_000);
  const logger = pino({ level: 'silent' });
  const cells = Array.from({ length: 1_000 }, (_, index) => `tenant-${index}`);
  let client: KubeClient;
  let namespace: string;
  before(async () => {
    client = clientFor((await testControlPlane()).kubeconfig);
    namespace = await freshNamespace(client);
  });
  after(() => client.close());

  const find = () =>
    findObject<LandscapeMap>(client, { resource: configMaps, key: `${namespace}/landscape` });
  /** As the relay reads it. */
  const read = async (): Promise<ContextMap | undefined> => {
    const content = (await find())?.binaryData?.[MAP_FILE];
    return content === undefined ? undefined : parseContextMap('landscape', Buffer.from(content, 'base64'));
  };

  it('holds a thousand cells, and follows them', async () => {
    // As the operator wrote it before it was compressed.
    const object = aConfigMap(namespace, { name: 'landscape', data: { [MAP_FILE]: '{}' } });
    await serverSideApply(client, { resource: configMaps, object, fieldManager: FIELD_MANAGER });
    const resources = [configMaps, boundedContextKind, deployments, services];
    const world = aWorld(
      resources,
      cells.map((cell) => mapConfigOf(cell)),
    );
    const stop = new AbortController();
    const options = { client, world, namespace, name: 'landscape', platform: [], logger };
    const keeping = keepLandscapeMap({ ...options, signal: stop.signal });

    await eventually('it is written', async () => (await read()) !== undefined, 30_000);
    const map = await read();
    deepEqual([map?.contexts.length, map?.tenants.length], [5_000, 1_000]);
    equal((await find())?.data, undefined);
    ok(JSON.stringify(map).length > CONFIG_MAP_BYTES, 'it would not fit as it is');

    world.see({ ...mapConfigOf('tenant-7', { contexts: [], tenants: [] }) });
    await eventually('a cell is empty', async () => (await read())?.tenants.length === 999, 30_000);
    equal((await read())?.contexts.length, 4_995);
    stop.abort();
    await keeping;
  });
});

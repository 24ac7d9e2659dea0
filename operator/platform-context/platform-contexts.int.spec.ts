import { deepEqual, equal, ok } from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { type ContextMap, parseContextMap } from '../../kit/context-map/context-map.ts';
import { eventually } from '../../local/servers/testing/world.ts';
import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { conditionIn } from '../api/lookups.ts';
import type { callApiServer } from '../api/testing/call-api-server.ts';
import { serveKinds } from '../api/testing/serve-kinds.ts';
import { boundedContextController } from '../bounded-context/controller.ts';
import { type Access, accessIn, type StoredSecret } from '../cell/access.ts';
import { FRONT_DOOR_LABEL, MAP_FILE } from '../cell/names.ts';
import { configMaps, deployments, networkPolicies, secrets, serviceAccounts } from '../cell/resources.ts';
import { openServers } from '../cell/servers.ts';
import { type GuardedServers, guardedServers } from '../cell/testing/guarded-servers.ts';
import { letsIn } from '../cell/testing/site.ts';
import type { KubeClient } from '../engine/kube-client.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { collectionPath, type Resource } from '../engine/resource.ts';
import { type AnyController, type Operator, runOperator } from '../engine/run-operator.ts';
import { clientFor, freshNamespace } from '../engine/testing/ground.ts';
import { deleteObject, findObject, serverSideApply } from '../engine/verbs.ts';
import { platformInMap } from '../events/context.ts';
import { keepLandscapeMap } from '../landscape/keep-map.ts';
import { platformContexts } from './platform-contexts.ts';

const NAME = `cloud${process.pid}`;
const logger = pino({ level: 'silent' });
const WELL = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

type LandscapeMap = KubeObject & { readonly binaryData?: Readonly<Record<string, string>> };
type Deployment = KubeObject & {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: { image: string }[] };
    };
  };
};
type Policy = KubeObject & { readonly spec: { readonly ingress: readonly object[] } };

describe('a platform context on an API server', function () {
  this.timeout(60_000);
  const stop = new AbortController();
  let servers: GuardedServers;
  let opened: ReturnType<typeof openServers>;
  let kube: KubeClient;
  let call: ReturnType<typeof callApiServer>;
  let operator: Operator;
  let namespace: string;

  const find = <T extends KubeObject>(resource: Resource, name = NAME) =>
    findObject<T>(kube, { resource, key: resource.namespaced ? `${namespace}/${name}` : name });
  const access = async (): Promise<Access | undefined> => accessIn(await find<StoredSecret>(secrets));
  const reason = async () => conditionIn(await find<BoundedContext>(boundedContextKind), 'Ready')?.reason;
  const apply = (spec: object = {}, name = NAME) => {
    const object = {
      apiVersion: 'cadastre.dev/v1alpha1',
      kind: 'BoundedContext',
      metadata: { name },
      spec: { version: '1.0.0', image: 'shop/cloud:1', scope: 'Platform', ...spec },
    };
    return serverSideApply(kube, { resource: boundedContextKind, object, fieldManager: 'team', force: true });
  };
  /** What the controller of Deployments and the kubelets would do. */
  const becomeWell = async () => {
    const observedGeneration = (await find(deployments))?.metadata.generation;
    const { status } = await call({
      method: 'PATCH',
      path: `${collectionPath(deployments, namespace)}/${NAME}/status`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status: { ...WELL, observedGeneration } },
    });
    equal(status, 200);
  };
  /** The operator's notes on a Deployment make a new generation too, which is to be observed again. */
  const untilReady = () =>
    eventually('it is ready', async () => {
      await becomeWell();
      return (await reason()) === 'Released';
    });
  const image = async () => (await find<Deployment>(deployments))?.spec.template.spec.containers[0]?.image;
  /** As the relay reads it. */
  const landscape = async (): Promise<ContextMap | undefined> => {
    const map = await find<LandscapeMap>(configMaps, 'landscape');
    const content = map?.binaryData?.[MAP_FILE];
    return content === undefined ? undefined : parseContextMap('landscape', Buffer.from(content, 'base64'));
  };
  const onMap = async (): Promise<string[]> => {
    const { contexts = [] } = (await landscape()) ?? {};
    return contexts.map(({ database }) => database).filter((name) => /-(cloud\d+|platform)$/.test(name));
  };

  before(async function () {
    this.timeout(120_000);
    const { plane, call: caller } = await serveKinds();
    [call, servers] = [caller, await guardedServers()];
    kube = clientFor(plane.kubeconfig);
    namespace = await freshNamespace(kube);
    const { mongodbUri, redisUrl } = servers;
    opened = openServers({ mongodbUri, redisUrl }, logger);
    const options = { operatorNamespace: namespace, landscapeMap: 'landscape', mongodbUri, redisUrl };
    const controller = boundedContextController(platformContexts(options, opened));
    operator = runOperator({
      client: kube,
      controllers: [{ ...controller, children: [...controller.children, configMaps] } as AnyController],
      logger,
      signal: stop.signal,
      beside: (world, signal) =>
        keepLandscapeMap({
          ...{ client: kube, world, namespace, name: 'landscape', logger, signal },
          platform: [platformInMap],
        }),
    });
  });
  after(async () => {
    await deleteObject(kube, { resource: boundedContextKind, key: NAME }).catch(() => undefined);
    stop.abort();
    await operator.ended;
    await opened.close();
    kube.close();
  });

  it('is deployed, let into its database and its queue, and ready when its pods are', async () => {
    await apply();
    await eventually('it waits for its pods', async () => (await reason()) === 'ContextNotReady', 30_000);
    await untilReady();
    const made = await access();
    ok(made);
    deepEqual(await letsIn(made), { mongodb: true, redis: true });
    ok(await find(serviceAccounts));
    ok(await find(networkPolicies, `context-${NAME}`));
  });
  it('is on the landscape’s map, and so is the operator', async () => {
    const expected = [`platform-${NAME}`, 'platform-platform'];
    await eventually('the map has both', async () => `${await onMap()}` === `${expected}`);
  });
  it('is not ready for a new version until that runs', async () => {
    await apply({ version: '2.0.0', image: 'shop/cloud:2' });
    await eventually('new pods are wanted', async () => (await image()) === 'shop/cloud:2');
    await eventually('it waits for them', async () => (await reason()) === 'ContextNotReady');
    await untilReady();
    equal((await find<BoundedContext>(boundedContextKind))?.status?.released?.version, '2.0.0');
  });
  it('lets people in as the front door, whose word the landscape takes from then on', async () => {
    equal((await landscape())?.identity, undefined);
    await apply({ version: '3.0.0', image: 'shop/cloud:2', frontDoor: true });
    await eventually('the map names it', async () => (await landscape())?.identity !== undefined);
    deepEqual((await landscape())?.identity, {
      issuer: `cadastre-${NAME}`,
      jwks: `http://${NAME}.${namespace}.svc/.well-known/jwks.json`,
    });
    await eventually('pods of it are wanted', async () => {
      const { labels } = (await find<Deployment>(deployments))?.spec.template.metadata ?? {};
      return labels?.[FRONT_DOOR_LABEL] === 'true';
    });
    const { spec } = (await find<Policy>(networkPolicies, `context-${NAME}`)) ?? {};
    deepEqual(spec?.ingress, [{ ports: [{ protocol: 'TCP', port: 8080 }] }]);
    await untilReady();
  });
  it('does not let another one beside it', async () => {
    const other = `door${process.pid}`;
    await apply({ frontDoor: true }, other);
    const found = () => find<BoundedContext>(boundedContextKind, other);
    const said = async () => conditionIn(await found(), 'Ready')?.reason;
    await eventually('it is held', async () => (await said()) === 'FrontDoorTaken');
    await deleteObject(kube, { resource: boundedContextKind, key: other });
    await eventually('it is gone', async () => (await found()) === undefined);
  });
  it('holds up nobody who deletes a context of cells', async () => {
    const inCells = `cells${process.pid}`;
    await apply({ scope: 'Tenant' }, inCells);
    const found = () => find<BoundedContext>(boundedContextKind, inCells);
    await eventually('it is released', async () => (await found())?.status?.released !== undefined);
    equal((await found())?.metadata.finalizers, undefined);
    await deleteObject(kube, { resource: boundedContextKind, key: inCells });
  });
  it('goes with its accounts when it is deleted, and leaves its database', async () => {
    const before = await access();
    ok(before);
    await deleteObject(kube, { resource: boundedContextKind, key: NAME });
    await eventually('it is gone', async () => (await find(boundedContextKind)) === undefined);
    deepEqual([await find(deployments), await find(secrets)], [undefined, undefined]);
    deepEqual(await letsIn(before), { mongodb: false, redis: false });
    const admin = new MongoClient(servers.mongodbUri);
    equal(await admin.db(`platform-${NAME}`).collection('any').countDocuments(), 1);
    await admin.close();
    await eventually('the map is without it', async () => `${await onMap()}` === 'platform-platform');
  });
});

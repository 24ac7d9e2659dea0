import { Registry } from 'prom-client';
import type { ControlPlane } from '../../../local/servers/start-control-plane.ts';
import type { KubeClient } from '../kube-client.ts';
import type { KubeObject } from '../kube-object.ts';
import { type Reflector, type ReflectorOptions, startReflector } from '../reflector.ts';
import { createObject, deleteObject } from '../verbs.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { aConfigMap, type ConfigMap, clientFor, configMaps, freshNamespace, until } from './ground.ts';

type Now = {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly registry: Registry;
  readonly stop: AbortController;
  readonly removeHooks: (() => void)[];
};

type Ground = {
  plane(): ControlPlane;
  proxy(): FaultyProxy;
  /** Past the proxy. */
  direct(): KubeClient;
  /** Of the spec that runs. */
  now(): Now;
};

/**
 * What specs of the reflector share: called within `describe`, it gives them a control plane behind a proxy, and each
 * spec a client through the proxy, a namespace and a registry of its own.
 */
export const reflecting = (startPlane: () => Promise<ControlPlane>) => {
  const ground = withHooks(startPlane);
  return { ...ground, ...verbsOn(ground) };
};

const withHooks = (startPlane: () => Promise<ControlPlane>): Ground => {
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  let direct: KubeClient;
  let now: Now;
  before(async function () {
    this.timeout(60_000);
    plane = await startPlane();
    proxy = await startFaultyProxy(plane);
    direct = clientFor(plane.kubeconfig);
  });
  beforeEach(async () => {
    const client = clientFor(proxy.kubeconfig);
    const namespace = await freshNamespace(direct);
    now = { client, namespace, registry: new Registry(), stop: new AbortController(), removeHooks: [] };
  });
  afterEach(() => {
    for (const remove of now.removeHooks) remove();
    now.stop.abort(new Error('the spec is over'));
    now.client.close();
  });
  after(async () => {
    direct.close();
    await proxy.close();
  });
  return { plane: () => plane, proxy: () => proxy, direct: () => direct, now: () => now };
};

const names = (reflector: Reflector<ConfigMap>): string[] =>
  [...reflector.list()].map(({ metadata }) => metadata.name).sort();

const verbsOn = ({ proxy, direct, now }: Ground) => ({
  start: (options: Partial<ReflectorOptions<ConfigMap>> = {}): Reflector<ConfigMap> => {
    const { client, namespace, registry, stop } = now();
    return startReflector<ConfigMap>({
      ...{ client, resource: configMaps, namespace, registry },
      signal: stop.signal,
      backoff: { firstMs: 10, longestMs: 100 },
      ...options,
    });
  },
  create: (name: string, metadata: Partial<KubeObject['metadata']> = {}) =>
    createObject<ConfigMap>(direct(), {
      resource: configMaps,
      object: aConfigMap(now().namespace, { name, ...metadata }),
    }),
  remove: (name: string) =>
    deleteObject(direct(), { resource: configMaps, key: `${now().namespace}/${name}` }),
  names,
  has: (reflector: Reflector<ConfigMap>, ...expected: string[]) =>
    until(() => names(reflector).join() === expected.join()),
  /** Of the proxy, until the spec ends or the function that it returns is called. */
  onRequest: (hook: Parameters<FaultyProxy['onRequest']>[0]): (() => void) => {
    const remove = proxy().onRequest(hook);
    now().removeHooks.push(remove);
    return remove;
  },
  metric: async (name: string): Promise<[unknown, number][]> => {
    const { values = [] } = (await now().registry.getSingleMetric(name)?.get()) ?? {};
    return values.map(({ labels, value }) => [labels, value]);
  },
});

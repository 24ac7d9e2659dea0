import { deepEqual, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { cacheFolder } from '../../local/servers/cache.ts';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import type { ControlPlane } from '../../local/servers/start-control-plane.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeObject } from './kube-object.ts';
import type { Resource } from './resource.ts';
import { type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts';
import { defineGardens, type Garden, namespaceOf, networkPolicies } from './testing/garden.ts';
import { clientFor, configMaps, freshNamespace, namespaces, until } from './testing/ground.ts';
import { clearGardens, sweepNamespaces } from './testing/tend.ts';
import { createObject, deleteObject, findObject, listPage, mergePatch } from './verbs.ts';

const program = fileURLToPath(new URL('testing/gardener-process.ts', import.meta.url));

/** A run that hangs ends here. */
const PATIENCE_MS = 60_000;

const eventually = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  await until(async () => {
    ok(performance.now() < deadline, `it never came about that ${what}`);
    return condition();
  });
};

describe('an operator that is killed', () => {
  let plane: ControlPlane;
  let people: KubeClient;
  let gardens: Resource;
  let stopSweeping: () => Promise<void>;
  /** Each run has names of its own, which `worldOf` takes out again. */
  let run = 0;

  before(async function () {
    this.timeout(60_000);
    plane = await testControlPlane();
    people = clientFor(plane.kubeconfig);
    gardens = await defineGardens(people);
    stopSweeping = sweepNamespaces(people);
  });
  after(async () => {
    await stopSweeping();
    people.close();
  });

  const plant = (name: string, plants: readonly string[]) =>
    createObject<Garden>(people, {
      resource: gardens,
      object: {
        apiVersion: `${gardens.group}/v1`,
        kind: 'Garden',
        metadata: { name },
        spec: { plants },
      } as Garden,
    });
  const isPlanted = async (name: string): Promise<boolean> => {
    const found = await findObject<Garden>(people, { resource: gardens, key: name });
    const ready = found?.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.reason === 'Planted' && found?.status?.observedGeneration === found?.metadata.generation;
  };

  /** All that people and operator made, without what differs from run to run: names, UIDs, versions and times. */
  const worldOf = async (outside: string): Promise<unknown> => {
    const objects: KubeObject[] = [];
    for (const resource of [gardens, namespaces, configMaps, networkPolicies]) {
      const { items } = await listPage<KubeObject>(people, { resource });
      objects.push(...items.map((object) => ({ ...object, kind: resource.kind })));
    }
    const isOfRun = ({ metadata: { namespace, name } }: KubeObject) =>
      [namespace, name].some((one) => one === outside || one?.includes(`-${run}-`));
    const plain = objects
      .filter(isOfRun)
      .filter(({ metadata }) => !metadata.name.startsWith('kube-root-ca'))
      .map((object) =>
        JSON.stringify(object, (name, value) => (VOLATILE.has(name) ? undefined : value))
          .replaceAll(outside, 'outside')
          .replaceAll(`-${run}-`, '-'),
      );
    return plain.sort().map((object) => JSON.parse(object));
  };
  const VOLATILE = new Set([
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'managedFields',
    'lastTransitionTime',
    'cadastre.dev/applied',
    'kubernetes.io/metadata.name',
  ]);

  /** An operator that is started again whenever it was killed. */
  const keepRunning = (proxy: FaultyProxy, outside: string) => {
    let isWanted = true;
    let child: ChildProcess;
    const start = (): void => {
      child = spawn(process.execPath, [program, proxy.kubeconfigFile, gardens.group, outside], {
        stdio: ['ignore', 'ignore', 'inherit'],
        // It is started twice for each write: not to be compiled each time.
        env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder(), 'compiled') },
      });
      child.once('exit', () => isWanted && start());
    };
    start();
    return {
      kill: () => void child.kill('SIGKILL'),
      stop: async () => {
        isWanted = false;
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  };

  /** What people do, each step when the one before has shown its effect. */
  const scenario = async (): Promise<void> => {
    const [rose, herb] = [`rose-${run}-garden`, `herb-${run}-garden`];
    await plant(rose, ['tulip', 'violet']);
    await eventually('the rose garden is planted', () => isPlanted(rose));
    await plant(herb, ['mint']);
    await eventually('the herb garden is planted', () => isPlanted(herb));
    const violet = { resource: configMaps, key: `${namespaceOf(rose)}/violet` };
    await mergePatch(people, { ...violet, patch: { data: { colour: 'grey' } } });
    const spec = { plants: ['violet', 'lily'], colour: 'red' };
    await mergePatch(people, { resource: gardens, key: rose, patch: { spec } });
    await deleteObject(people, { resource: gardens, key: herb });
    await eventually('the rose garden is planted anew', () => isPlanted(rose));
    const isGone = async (resource: Resource, key: string) =>
      (await findObject(people, { resource, key })) === undefined;
    await eventually('the herb garden is gone', () => isGone(gardens, herb));
    await eventually('its namespace is gone', () => isGone(namespaces, namespaceOf(herb)));
  };

  type Survival = { readonly killed: boolean; readonly world: unknown };

  /** @returns whether the operator was killed (or there were too few writes for that), and the world in the end. */
  const surviveKillAfter = async (k: number, expected?: unknown): Promise<Survival> => {
    run += 1;
    const outside = await freshNamespace(people);
    const proxy = await startFaultyProxy(plane);
    const operator = keepRunning(proxy, outside);
    let killed = false;
    proxy.onWritten((_, count) => {
      if (count !== k) return undefined;
      killed = true;
      operator.kill();
      return 'lose answer';
    });
    try {
      await scenario();
      let world = await worldOf(outside);
      await eventually('the world is as without a kill', async () => {
        world = await worldOf(outside);
        return expected === undefined || isDeepStrictEqual(world, expected);
      }).catch(() => undefined);
      return { killed, world };
    } catch (cause) {
      throw new Error(`killed after write ${k}`, { cause });
    } finally {
      await operator.stop();
      await proxy.close();
      await clearGardens(people, gardens);
    }
  };

  const namesIn = (world: unknown): readonly string[] =>
    (world as KubeObject[]).map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

  it('leaves the world as one that is not, whichever write was its last', async function () {
    this.timeout(1_200_000);
    const { world: expected } = await surviveKillAfter(Number.POSITIVE_INFINITY);
    deepEqual(namesIn(expected), [
      'ConfigMap lily',
      'ConfigMap uproot-herb-garden',
      'ConfigMap violet',
      'ConfigMap water-herb-garden',
      'ConfigMap water-rose-garden',
      'Garden rose-garden',
      'Namespace garden-rose-garden',
      'Namespace outside',
      'NetworkPolicy fence',
    ]);
    let k = 1;
    for (; ; k += 1) {
      const { killed, world } = await surviveKillAfter(k, expected);
      deepEqual(world, expected, `killed after write ${k}`);
      if (!killed) break;
    }
    ok(k > 20, `${k - 1} writes in all`);
  });
});

import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testControlPlane } from '../../local/servers/control-plane-for-tests.ts';
import { keepWatch, type Watch } from '../../local/servers/keep-watch.ts';
import type { ControlPlane } from '../../local/servers/start-control-plane.ts';
import { fencedClient } from './fenced-client.ts';
import type { KubeClient } from './kube-client.ts';
import { type LeaderOptions, runAsLeader } from './lease.ts';
import { type Lease, type LeaseSpec, leases, microTime } from './lease-record.ts';
import type { Leadership } from './lease-term.ts';
import { type FaultyProxy, refused, startFaultyProxy } from './testing/faulty-proxy.ts';
import { aConfigMap, clientFor, configMaps, freshNamespace, until } from './testing/ground.ts';
import { createObject, deleteObject, findObject, listPage, mergePatch } from './verbs.ts';

const short = { leaseSeconds: 1, renewSeconds: 0.6, retrySeconds: 0.1 };
/** A busy machine does not end a leadership of these. */
const steady = { leaseSeconds: 10, renewSeconds: 8, retrySeconds: 0.1 };
/** Nobody takes over from a leader that says nothing. */
const endless = { leaseSeconds: 3_600, renewSeconds: 3_000, retrySeconds: 0.1 };

type Leading = { readonly who: string; readonly epoch: number; readonly leadership: Leadership };

describe('runAsLeader', function () {
  this.timeout(60_000);
  let plane: ControlPlane;
  let proxy: FaultyProxy;
  let direct: KubeClient;
  let client: KubeClient;
  let key: string;
  let leading: Leading[];
  let removeHooks: (() => void)[];
  let stops: AbortController[];
  let running: Promise<void>[];

  before(async () => {
    plane = await testControlPlane();
    proxy = await startFaultyProxy(plane);
    direct = clientFor(plane.kubeconfig);
  });
  beforeEach(async () => {
    client = clientFor(proxy.kubeconfig);
    key = `${await freshNamespace(direct)}/leader`;
    leading = [];
    removeHooks = [];
    stops = [];
    running = [];
  });
  afterEach(async () => {
    for (const remove of removeHooks) remove();
    for (const stop of stops) stop.abort();
    await Promise.allSettled(running);
    client.close();
  });
  after(async () => {
    direct.close();
    await proxy.close();
  });

  /** Works until it is told to end. */
  const stand = (who: string, options: Partial<LeaderOptions> = {}) => {
    const stop = new AbortController();
    const ended = runAsLeader({
      client: direct,
      key,
      name: who,
      signal: stop.signal,
      timing: steady,
      lead: async (epoch, signal, leadership) => {
        leading.push({ who, epoch, leadership });
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
      ...options,
    });
    stops.push(stop);
    running.push(ended.catch(() => undefined));
    return { stop: () => stop.abort(new Error('stopped')), ended };
  };
  const leaders = () => leading.map(({ who, epoch }) => `${who} ${epoch}`);
  const led = (...expected: string[]) => until(() => leaders().join() === expected.join());
  const find = () => findObject<Lease>(direct, { resource: leases, key });
  const specOf = async (): Promise<LeaseSpec> => (await find())?.spec ?? {};
  const renewedAfter = async (renewTime: string | undefined) =>
    until(async () => ((await specOf()).renewTime ?? '') > (renewTime ?? ''));
  const on = (hook: Parameters<FaultyProxy['onRequest']>[0]) => {
    const off = proxy.onRequest((request) => (request.key === key ? hook(request) : undefined));
    removeHooks.push(off);
    return off;
  };
  const create = (spec: LeaseSpec) => {
    const [namespace = '', name = ''] = key.split('/');
    const type = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
    const object = { ...type, metadata: { namespace, name }, spec };
    return createObject<Lease>(direct, { resource: leases, object });
  };

  it('makes the Lease and leads', async () => {
    stand('a');
    await led('a 1');
    const { holderIdentity, leaseDurationSeconds, leaseTransitions } = await specOf();
    ok(holderIdentity?.startsWith('a_'));
    deepEqual([leaseDurationSeconds, leaseTransitions], [10, 1]);
  });

  it('renews, and stays the only one', async () => {
    stand('a');
    await led('a 1');
    stand('b');
    for (let times = 0; times < 5; times += 1) await renewedAfter((await specOf()).renewTime);
    deepEqual(leaders(), ['a 1']);
  });

  it('hands over at once when it stops', async () => {
    const a = stand('a', { timing: endless });
    await led('a 1');
    stand('b', { timing: endless });
    a.stop();
    await a.ended;
    await led('a 1', 'b 2');
  });

  it('renews until the work has come to its end, and gives back only then', async () => {
    const work = Promise.withResolvers<void>();
    const lead: LeaderOptions['lead'] = async (epoch, _, leadership) => {
      leading.push({ who: 'a', epoch, leadership });
      await work.promise;
    };
    const a = stand('a', { lead });
    await led('a 1');
    stand('b');
    a.stop();
    await renewedAfter((await specOf()).renewTime);
    ok(leading[0]?.leadership.isLeading());
    work.resolve();
    await led('a 1', 'b 2');
  });

  it('ends when the work is done, and gives back', async () => {
    await stand('a', { timing: endless, lead: async () => undefined }).ended;
    stand('b', { timing: endless });
    await led('b 2');
  });

  it('throws what the work throws, and gives back', async () => {
    const lead = () => Promise.reject(new Error('the work'));
    await rejects(stand('a', { timing: endless, lead }).ended, /the work/);
    stand('b', { timing: endless });
    await led('b 2');
  });

  it('ends as a candidate and leaves the Lease alone', async () => {
    stand('a', { timing: endless });
    await led('a 1');
    const b = stand('b');
    b.stop();
    await b.ended;
    equal((await specOf()).leaseTransitions, 1);
  });

  it('lets one of many lead', async () => {
    for (const who of ['a', 'b', 'c', 'd', 'e']) stand(who);
    await until(() => leading.length === 1);
    for (let times = 0; times < 3; times += 1) await renewedAfter((await specOf()).renewTime);
    equal(leading.length, 1);
  });

  for (const [what, year] of [
    ['long ago', '1970'],
    ['in the future', '2970'],
  ]) {
    it(`waits on its own clock for a leader whose clock says ${what}`, async () => {
      const renewTime = `${year}${microTime(new Date()).slice(4)}`;
      const createdAt = performance.now();
      await create({ holderIdentity: 'other', leaseDurationSeconds: 1, renewTime, leaseTransitions: 7 });
      stand('a');
      await led('a 8');
      ok(performance.now() - createdAt >= 1_000);
    });
  }

  it('refuses timings by which two could lead', async () => {
    const timing = { leaseSeconds: 10, renewSeconds: 10, retrySeconds: 1 };
    await rejects(
      runAsLeader({ client, key, signal: new AbortController().signal, timing, lead: async () => undefined }),
    );
  });

  describe('when the API server is troubled', () => {
    for (const [what, fault] of [
      ['429', refused(429, { retryAfterSeconds: 0.1 })],
      ['500', refused(500)],
      ['resets', 'reset'],
      ['lost answers', 'lose answer'],
    ] as const) {
      it(`goes on leading (${what})`, async () => {
        let left = 8;
        stand('a', { client });
        await led('a 1');
        on(() => {
          left -= 1;
          return left < 0 ? undefined : fault;
        });
        await until(() => left < 0);
        await renewedAfter((await specOf()).renewTime);
        deepEqual(leaders(), ['a 1']);
      });
    }

    it('leads in the end when the answer to its taking was lost', async () => {
      let isFirst = true;
      on(({ verb }) => {
        const fault = isFirst && verb === 'update' ? ('lose answer' as const) : undefined;
        if (verb === 'update') isFirst = false;
        return fault;
      });
      await create({ leaseTransitions: 4 });
      stand('a', { client, timing: endless });
      await led('a 6');
    });

    it('stops before another leads when it cannot reach it', async () => {
      stand('a', { client, timing: short });
      await led('a 1');
      const [first] = leading;
      let isCut = true;
      on(() => (isCut ? 'hang' : undefined));
      stand('b', { timing: short });
      await until(() => {
        if (leading.length > 1) equal(first?.leadership.isLeading(), false);
        return leading.length > 1;
      });
      ok(first?.leadership.lost.aborted);
      isCut = false;
      deepEqual(leaders(), ['a 1', 'b 2']);
    });
  });

  it('leads no more when the Lease is deleted, and the epoch grows all the same', async () => {
    stand('a');
    await led('a 1');
    await deleteObject(direct, { resource: leases, key });
    await led('a 1', 'a 2');
    ok(leading[0]?.leadership.lost.aborted);
  });

  it('leads no more when another was made the holder', async () => {
    stand('a');
    await led('a 1');
    const patch = { spec: { holderIdentity: 'other', leaseTransitions: 2 } };
    await mergePatch(direct, { resource: leases, key, patch });
    await until(() => leading[0]?.leadership.lost.aborted === true);
  });

  describe('with candidates in processes of their own', () => {
    const children: ChildProcess[] = [];
    // A frozen one would outlive a run that was broken off.
    let watch: Watch;
    before(() => {
      watch = keepWatch();
    });
    const keep = () => watch.keep({ pids: children.flatMap(({ pid }) => pid ?? []), folders: [] });
    afterEach(() => {
      for (const child of children.splice(0)) child.kill('SIGKILL');
      keep();
    });
    after(() => watch.end());
    type Claim = { readonly epoch: number; readonly at: number };
    const spawnCandidate = () => {
      const script = fileURLToPath(new URL('./testing/candidate.ts', import.meta.url));
      const child = spawn(process.execPath, [script, plane.kubeconfigFile, key, JSON.stringify(short)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      keep();
      const claims: Claim[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => claims.push(JSON.parse(line)));
      return { child, claims };
    };

    it('never has two leaders while one is frozen and goes on later', async () => {
      const a = spawnCandidate();
      await until(() => a.claims.length > 0);
      const b = spawnCandidate();
      await renewedAfter((await specOf()).renewTime);
      a.child.kill('SIGSTOP');
      await until(() => b.claims.length > 0);
      a.child.kill('SIGCONT');
      await until(() => b.claims.length > 50);
      b.child.kill('SIGSTOP');
      const before = a.claims.length;
      await until(() => a.claims.length > before + 50);
      b.child.kill('SIGCONT');
      await renewedAfter((await specOf()).renewTime);

      const inTime = [...a.claims, ...b.claims].sort((x, y) => x.at - y.at);
      const epochs = inTime.map(({ epoch }) => epoch);
      deepEqual(
        epochs,
        epochs.toSorted((x, y) => x - y),
      );
      ok(new Set(epochs).size >= 3);
    });

    it('takes over from one that was killed', async () => {
      const a = spawnCandidate();
      await until(() => a.claims.length > 0);
      const b = spawnCandidate();
      a.child.kill('SIGKILL');
      await until(() => b.claims.length > 0);
      ok((b.claims[0]?.epoch ?? 0) > (a.claims.at(-1)?.epoch ?? 0));
    });
  });

  describe('fencedClient', () => {
    const namespaceOf = () => key.split('/')[0] ?? '';
    const write = (by: KubeClient) =>
      createObject(by, { resource: configMaps, object: aConfigMap(namespaceOf()) });

    it('lets a leader write', async () => {
      stand('a');
      await led('a 1');
      const [first] = leading;
      ok(first);
      await write(fencedClient(direct, first.leadership));
    });

    it('lets one that leads no more read alone', async () => {
      stand('a');
      await led('a 1');
      const [first] = leading;
      ok(first);
      const fenced = fencedClient(direct, first.leadership);
      await deleteObject(direct, { resource: leases, key });
      await until(() => first.leadership.lost.aborted);
      await rejects(write(fenced), { name: 'LeadershipLost' });
      deepEqual((await listPage(fenced, { resource: configMaps, namespace: namespaceOf() })).items, []);
    });

    it('ends a write that waits for a busy API server with the leadership', async () => {
      stand('a');
      await led('a 1');
      const [first] = leading;
      ok(first);
      const off = proxy.onRequest(({ verb, namespace }) =>
        verb === 'create' && namespace === namespaceOf()
          ? refused(429, { retryAfterSeconds: 60 })
          : undefined,
      );
      removeHooks.push(off);
      const failure = rejects(write(fencedClient(client, first.leadership)), { name: 'LeadershipLost' });
      await deleteObject(direct, { resource: leases, key });
      await failure;
    });
  });
});

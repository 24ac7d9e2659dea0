import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testControlPlane } from './control-plane-for-tests.ts';
import { findKubectl } from './find-kubernetes.ts';
import { runCommand } from './run-command.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './start-control-plane.ts';
import { eventually, portIsOpen } from './testing/world.ts';

/** kubectl as a user has it: it knows the control plane by the kubeconfig file alone. */
const kubectl = async (plane: ControlPlane, ...args: string[]): Promise<string> => {
  const { command } = await findKubectl(() => undefined);
  return (await runCommand(command, ['--kubeconfig', plane.kubeconfigFile, ...args])).trim();
};

const createConfigMap = (plane: ControlPlane, name: string): Promise<string> =>
  kubectl(plane, 'create', 'configmap', name, '--from-literal=key=value');

const configMaps = async (plane: ControlPlane): Promise<string[]> =>
  (await kubectl(plane, 'get', 'configmaps', '-n', 'default', '-o', 'name')).split('\n').filter(Boolean);

const openPorts = async (ports: readonly number[]): Promise<boolean[]> =>
  (await Promise.all(ports.map(portIsOpen))).filter(Boolean);

describe('startControlPlane', function () {
  this.timeout(120_000);

  // What this spec starts keeps its temporary folders in here, where no other run's can be.
  const temporary = mkdtempSync(join(tmpdir(), 'spec-'));
  const running: ControlPlane[] = [];
  const start = async (options: ControlPlaneOptions = {}): Promise<ControlPlane> => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = temporary;
    const starting = startControlPlane(options);
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    running.push(await starting);
    return starting;
  };
  afterEach(() => Promise.all(running.splice(0).map((plane) => plane.stop())));
  after(() => rmSync(temporary, { recursive: true, force: true }));

  it('serves whoever has its kubeconfig, as one who may do everything', async () => {
    const plane = await testControlPlane();
    equal(await kubectl(plane, 'auth', 'can-i', '*', '*', '--all-namespaces'), 'yes');
    equal(await kubectl(plane, 'get', 'namespace', 'default', '-o', 'name'), 'namespace/default');
    equal(readFileSync(plane.kubeconfigFile, 'utf8'), plane.kubeconfig);
    match(plane.kubeconfig, new RegExp(`server: ${plane.url}\n`));
  });

  it('refuses others what no role allows them', async () => {
    const plane = await testControlPlane();
    await kubectl(plane, 'create', 'namespace', 'read');
    const here = (...args: string[]) => kubectl(plane, '--namespace=read', ...args);
    await here('create', 'serviceaccount', 'reader');
    const token = await here('create', 'token', 'reader');
    const asReader = (...args: string[]) => here('--token', token, ...args);
    await rejects(asReader('get', 'configmaps'), /Forbidden.*system:serviceaccount:read:reader/);
    await here('create', 'role', 'read', '--verb=list', '--resource=configmaps');
    await here('create', 'rolebinding', 'read', '--role=read', '--serviceaccount=read:reader');
    await eventually('the role to count', () =>
      asReader('get', 'configmaps').then(
        () => true,
        () => false,
      ),
    );
    await rejects(asReader('get', 'secrets'), /Forbidden/);
  });

  it('keeps a pod without a controller to give its namespace a service account', async () => {
    const plane = await testControlPlane();
    await kubectl(plane, 'create', 'namespace', 'lonely');
    await kubectl(plane, '--namespace=lonely', 'run', 'pod', '--image=none');
    const phase = ['get', 'pod', 'pod', '--output=jsonpath={.status.phase}'];
    equal(await kubectl(plane, '--namespace=lonely', ...phase), 'Pending');
  });

  it('runs twice side by side, and leaves no process and no folder when stopped', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await Promise.all([createConfigMap(one, 'one'), createConfigMap(other, 'other')]);
    equal(readdirSync(temporary).length, 2);
    await one.stop();
    await one.stop();
    deepEqual(await configMaps(other), ['configmap/other']);
    await other.stop();
    const servers = [one.apiServer, one.etcd, other.apiServer, other.etcd];
    deepEqual(await openPorts(servers.map(({ port }) => port)), []);
    deepEqual(readdirSync(temporary), []);
  });

  it('keeps url, credentials and data over restarts of either server', async () => {
    const said: string[] = [];
    const plane = await start({ onExit: (sentence) => said.push(sentence) });
    await createConfigMap(plane, 'kept');
    const pids = [plane.apiServer.pid(), plane.etcd.pid()];
    await plane.apiServer.restart();
    deepEqual(await configMaps(plane), ['configmap/kept']);
    await plane.etcd.restart();
    await eventually('the API server to have found etcd', async () => {
      const found = await configMaps(plane).catch((): string[] => []);
      return found.includes('configmap/kept');
    });
    notEqual(plane.apiServer.pid(), pids[0]);
    notEqual(plane.etcd.pid(), pids[1]);
    deepEqual(said, []);
  });

  it('takes further flags, and compacts as often as it is told, so that old pages expire', async () => {
    const plane = await start({
      compactionSeconds: 1,
      apiServerFlags: ['--service-cluster-ip-range=10.1.0.0/24'],
    });
    const address = ['get', 'service', 'kubernetes', '-o', 'jsonpath={.spec.clusterIP}'];
    match(await kubectl(plane, ...address), /^10\.1\.0\./);

    await createConfigMap(plane, 'first');
    await createConfigMap(plane, 'second');
    const path = '/api/v1/namespaces/default/configmaps?limit=1';
    const page = JSON.parse(await kubectl(plane, 'get', '--raw', path)) as { metadata: { continue: string } };
    const nextPage = `${path}&continue=${encodeURIComponent(page.metadata.continue)}`;
    match(await kubectl(plane, 'get', '--raw', nextPage), /"name":"second"/);
    const hasExpired = (): Promise<boolean> =>
      kubectl(plane, 'get', '--raw', nextPage).then(
        () => false,
        (cause: Error) => /\(Expired\)/.test(cause.message),
      );
    await eventually('the page to expire', hasExpired, 40_000);
  });

  it('says what the server said when it does not start, and leaves nothing behind', async () => {
    await rejects(
      start({ apiServerFlags: ['--no-such-flag'] }),
      /^ServerDied: kube-apiserver on port \d+ ended by itself with code 1; its log ends: .*no-such-flag/,
    );
    deepEqual(readdirSync(temporary), []);
  });

  it('leaves nothing behind when its process is killed', async () => {
    const script = fileURLToPath(new URL('./testing/control-plane-and-wait.ts', import.meta.url));
    const parent: ChildProcess = spawn(process.execPath, [script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary },
    });
    const [chunk] = (await once(parent.stdout ?? parent, 'data')) as [Buffer];
    const { ports } = JSON.parse(chunk.toString()) as { ports: number[] };
    equal((await openPorts(ports)).length, 2);
    parent.kill('SIGKILL');
    await eventually('ports closed', async () => (await openPorts(ports)).length === 0);
    await eventually('folders removed', () => readdirSync(temporary).length === 0);
  });
});

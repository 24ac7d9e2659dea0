import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Supervised, supervise } from '../local/landscape/supervised.ts';
import { freePort } from '../local/servers/free-port.ts';
import { type Kept, keepWatch } from '../local/servers/keep-watch.ts';
import { eventually } from '../local/servers/testing/world.ts';
import { serveKinds } from './api/testing/serve-kinds.ts';
import { guardedServers } from './cell/testing/guarded-servers.ts';
import type { KubeClient } from './engine/kube-client.ts';
import { clientFor, freshNamespace } from './engine/testing/ground.ts';
import { createObject } from './engine/verbs.ts';

const leases = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
} as const;

describe('an operator that stands by', function () {
  this.timeout(90_000);
  let kube: KubeClient;
  let folder: string;
  let operator: Supervised;
  let adminUrl: string;
  let metricsUrl: string;
  const watch = keepWatch();
  const keep = (kept: Kept) => watch.keep(kept);

  before(async () => {
    const [{ plane }, servers] = await Promise.all([serveKinds(), guardedServers()]);
    kube = clientFor(plane.kubeconfig);
    const namespace = await freshNamespace(kube);
    // Another leads, and so this one touches nothing of what other specs have on this API server.
    const spec = {
      holderIdentity: 'another',
      leaseDurationSeconds: 3_600,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    };
    const metadata = { name: 'cadastre-operator', namespace };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    await createObject(kube, { resource: leases, object: lease });
    folder = await mkdtemp(join(tmpdir(), 'cadastre-operator-'));
    const [admin, metrics] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    [adminUrl, metricsUrl] = [`http://${admin}`, `http://${metrics}`];
    const env = {
      ADMIN_PORT: admin,
      METRICS_PORT: metrics,
      KUBECONFIG: plane.kubeconfigFile,
      LOG_LEVEL: 'warn',
      MONGODB_URI: servers.mongodbUri,
      REDIS_URL: servers.redisUrl,
      OPERATOR_NAMESPACE: namespace,
    };
    const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
    const plan = { name: 'operator', entry, env, logFile: join(folder, 'operator.log') };
    operator = supervise(plan, { onSpawn: (_, pid) => keep({ pids: [pid], folders: [folder] }) });
    await eventually('it is ready', async () => (await status(`${adminUrl}/readyz`)) === 200, 60_000);
  });
  after(async () => {
    await operator?.stop();
    keep({ pids: [], folders: [] });
    await watch.end();
    await rm(folder, { recursive: true, force: true });
    kube?.close();
  });
  const status = async (url: string): Promise<number | undefined> =>
    (await fetch(url).catch(() => undefined))?.status;
  const answer = async (path: string): Promise<unknown> => (await fetch(`${adminUrl}${path}`)).json();

  it('answers for the context platform', async () => {
    assert.deepEqual(await answer('/parked'), { parked: [] });
    assert.deepEqual(await answer('/trace?ids=order-1'), { published: [], handled: [], held: [] });
    assert.ok(Array.isArray(((await answer('/events')) as { events: unknown }).events));
  });
  it('gives metrics on a port of their own, and nothing else there', async () => {
    assert.match(await (await fetch(`${metricsUrl}/metrics`)).text(), /^# HELP /m);
    for (const path of ['/readyz', '/events', '/parked'])
      assert.equal(await status(`${metricsUrl}${path}`), 404);
  });
});

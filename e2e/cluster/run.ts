// npm run e2e: the chart, the operator and a tenant's orders on the cluster that KUBECONFIG names.
import assert from 'node:assert/strict';
import { findHelm } from '../../local/helm/find-helm.ts';
import { runCommand } from '../../local/servers/run-command.ts';
import { forwarded, kubectl, kubectlApply, kubectlJson } from './kubectl.ts';
import { runSteps, type Step, until } from './steps.ts';

const NAMESPACE = 'cadastre';
const helm = async (...args: string[]) =>
  await runCommand((await findHelm(console.error)).command, [...args, '--namespace', NAMESPACE]);

type Tenant = { status: { id: string; cell: string } };

const json = { 'content-type': 'application/json' };
const asked = async <T>(url: string, init: RequestInit): Promise<T> => {
  const response = await fetch(url, init);
  assert.ok(response.ok, `${url} answers ${response.status}: ${await response.clone().text()}`);
  return (await response.json()) as T;
};

const orderAndShipment = async (): Promise<void> => {
  const { status } = await kubectlJson<Tenant>('get', 'tenant', 'acme');
  const namespace = `cadastre-${status.cell}`;
  const headers = { ...json, 'x-tenant': status.id };
  const at = (service: string) => ({ namespace, service, port: 80 });
  const sku = `teapot-${Date.now()}`;
  const body = { name: 'Teapot', price: { amount: 7_200, currency: 'EUR' }, availableQuantity: 40 };
  await forwarded(at('catalog'), (url) =>
    asked(`${url}/v1/products/${sku}`, { method: 'PUT', headers, body: JSON.stringify(body) }),
  );
  const order = { customer: 'ada', lines: [{ itemId: sku, quantity: 2 }] };
  const { orderId } = await forwarded(at('ordering'), (url) =>
    until('ordering knows the product', () =>
      asked<{ orderId: string }>(`${url}/v1/orders`, {
        method: 'POST',
        headers,
        body: JSON.stringify(order),
      }),
    ),
  );
  await forwarded(at('shipping'), (url) =>
    until('the shipment is scheduled', async () => {
      const { items } = await asked<{ items: unknown[] }>(`${url}/v1/shipments?order=${orderId}`, {
        headers,
      });
      return items.length === 1;
    }),
  );
};

const DEDICATED = `
apiVersion: cadastre.dev/v1alpha1
kind: Tenant
metadata: { name: solo }
spec: { displayName: Solo, owner: ops@solo.example }
---
apiVersion: cadastre.dev/v1alpha1
kind: Subscription
metadata: { name: solo-dedicated }
spec: { tenant: solo, plan: dedicated }
`;

type Conditions = {
  status?: { conditions?: { type: string; status: string; reason: string; message: string }[] };
};

const readiness = async (kind: string, name: string) => {
  const { status } = await kubectlJson<Conditions>('get', kind, name);
  return status?.conditions?.find(({ type }) => type === 'Ready');
};

const patch = async (kind: string, name: string, spec: object) =>
  void (await kubectl('patch', kind, name, '--type=merge', '-p', JSON.stringify({ spec })));

const takesBackABadVersion = async (): Promise<void> => {
  await patch('boundedcontext', 'shipping', { image: 'cadastre/shipping:missing', version: '0.1.1' });
  const refusal = await until('the version is taken back', async () => {
    const ready = await readiness('cell', 'pool-1');
    return ready?.reason === 'RolledBack' && ready;
  });
  assert.match(refusal.message, /cadastre\/shipping:missing/);
  await orderAndShipment();
  await patch('boundedcontext', 'shipping', { image: 'cadastre/shipping:0.1.0', version: '0.1.0' });
  await kubectl('wait', '--for=condition=Ready', 'cell/pool-1', '--timeout=120s');
};

const refusesWhatBreaksAConsumer = async (): Promise<void> => {
  const { spec } = await kubectlJson<{ spec: { publishes: { type: string }[] } }>(
    'get',
    'boundedcontext',
    'ordering',
  );
  const publishes = spec.publishes.filter(({ type }) => type !== 'ordering.order-placed.v1');
  await patch('boundedcontext', 'ordering', { publishes, version: '0.2.0' });
  await until('the version is refused', async () => {
    const { status } = await kubectlJson<Conditions>('get', 'boundedcontext', 'ordering');
    const compatible = status?.conditions?.find(({ type }) => type === 'Compatible');
    return compatible?.status === 'False' && /shipping|catalog/.test(compatible.message);
  });
  await orderAndShipment();
  await patch('boundedcontext', 'ordering', { publishes: spec.publishes, version: '0.1.0' });
  await kubectl('wait', '--for=condition=Ready', 'boundedcontext/ordering', '--timeout=60s');
};

/** Whatever is killed, orders go through again. */
const survivesKills = async (): Promise<void> => {
  await kubectl('delete', 'pod', '--all', '-n', NAMESPACE, '--grace-period=0', '--force');
  await kubectl('delete', 'pod', '--all', '-n', 'cadastre-pool-1', '--grace-period=0', '--force');
  await kubectl('rollout', 'status', 'statefulset/cadastre-mongodb', '-n', NAMESPACE, '--timeout=120s');
  await until('orders go through again', async () => {
    await orderAndShipment();
    return true;
  });
};

const deletedTenantLeavesNothing = async (): Promise<void> => {
  await kubectl('delete', 'subscription', 'solo-dedicated');
  await kubectl('delete', 'tenant', 'solo', '--timeout=180s');
  assert.equal(await kubectl('get', 'namespace', 'cadastre-solo', '--ignore-not-found'), '');
  assert.equal(await kubectl('get', 'cell', 'solo', '--ignore-not-found'), '');
};

const steps: readonly Step[] = [
  {
    does: 'installs the chart',
    run: async () => {
      const args = [
        '--create-namespace',
        '--wait',
        '--timeout',
        '4m',
        '--set',
        'operator.progressDeadlineSeconds=20',
      ];
      await helm('upgrade', '--install', 'cadastre', 'charts/cadastre', ...args);
    },
  },
  { does: 'passes helm test', run: async () => void (await helm('test', 'cadastre', '--timeout', '2m')) },
  { does: 'applies the samples', run: async () => void (await kubectl('apply', '-f', 'samples/')) },
  {
    does: 'has the tenant ready',
    run: async () => {
      await kubectl(
        'wait',
        '--for=condition=Ready',
        'tenant/acme',
        'subscription/acme-starter',
        '--timeout=180s',
      );
    },
  },
  { does: 'places an order and sees its shipment', run: orderAndShipment },
  {
    does: 'has a tenant with a cell of its own ready',
    run: async () => {
      await kubectlApply(DEDICATED);
      await kubectl('wait', '--for=condition=Ready', 'tenant/solo', '--timeout=180s');
    },
  },
  { does: 'does not release a version that breaks a consumer', run: refusesWhatBreaksAConsumer },
  { does: 'takes a version back that does not become ready', run: takesBackABadVersion },
  { does: 'goes on after every pod was killed, MongoDB and Redis with them', run: survivesKills },
  { does: 'deletes a tenant and leaves nothing of it', run: deletedTenantLeavesNothing },
];

const { passed, failed } = await runSteps(steps);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

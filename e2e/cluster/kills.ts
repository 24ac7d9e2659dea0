import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContextMap, parseContextMap } from '../../kit/context-map/context-map.ts';
import { openDoors } from '../faults/doors.ts';
import { drain } from '../faults/drain.ts';
import { type Load, startLoad } from '../faults/load.ts';
import { seededRandom } from '../faults/random.ts';
import { listProducts, type Shop } from '../faults/shop.ts';
import { asCustomers } from './accounts.ts';
import { kubectl, kubectlApply, kubectlJson, NAMESPACE, namespaceOf, tenantOf } from './kubectl.ts';
import { administered } from './servers.ts';
import { until } from './steps.ts';
import { applyTenants, deleteTenants } from './tenants.ts';

const TENANTS = ['globex', 'initech', 'umbrella'];
const SECONDS = 100;
const ORDERS_PER_SECOND = 20;
const LEAST_ORDERS = 200;
const KILL_EVERY_MS = 5_000;
const LISTED_WITHIN_MS = 120_000;
const ANSWERS_WITHIN_MS = 120_000;

type Pods = { items: { metadata: { name: string; namespace: string } }[] };
type MapConfig = { binaryData: { 'map.json': string } };
const LANDSCAPE = 'cadastre-landscape';

/** Every unit costs something, so every window is in the ledger; nobody is locked, and nobody has to ask slowly. */
const PLAN = `
apiVersion: cadastre.dev/v1alpha1
kind: Plan
metadata: { name: metered }
spec:
  contexts: [catalog, ordering, shipping]
  quotas: { requestsPerSecond: 10000 }
  prices: { currency: EUR, basePerMonth: 0, perUnit: { requests: 3, bytes: 1 } }
  overdraft: { amount: 1000000000000 }
`;

/** Tenants of a pooled cell order while its pods, those of platform and operator, MongoDB and Redis are killed. */
export const losesNothingUnderKills = async (): Promise<void> => {
  await kubectlApply(PLAN);
  await applyTenants(TENANTS, 'metered');
  const tenants = await Promise.all(TENANTS.map(tenantOf));
  const cell = tenants[0]?.cell ?? '';
  assert.ok(
    tenants.every((one) => one.cell === cell),
    'tenants of a pooled plan share a cell',
  );
  const ids = tenants.map(({ id }) => id);
  await asCustomers(ids, async ({ url, keys }) =>
    underKills({ doors: openDoors([url], keys), map: await mapOf(cell), tenants: ids }, cell),
  );
  await deleteTenants(TENANTS);
  await kubectl('delete', 'plan', 'metered');
};

/** The cell's part of the landscape, and the platform's. */
const mapOf = async (cell: string): Promise<Pick<ContextMap, 'contexts'>> => {
  const { binaryData } = await kubectlJson<MapConfig>('get', 'configmap', LANDSCAPE, '-n', NAMESPACE);
  const { contexts } = parseContextMap(LANDSCAPE, Buffer.from(binaryData['map.json'], 'base64'));
  return { contexts: contexts.filter((one) => one.cell === cell || one.scope === 'Platform') };
};

const underKills = async (shop: Shop, cell: string): Promise<void> => {
  const products = await listProducts(shop, AbortSignal.timeout(LISTED_WITHIN_MS));
  const giveUp = new AbortController();
  const random = seededRandom(Date.now() % 1_000_000);
  const load = startLoad({ shop, random, ordersPerSecond: ORDERS_PER_SECOND, signal: giveUp.signal });
  const killed = await killPods(cell, AbortSignal.timeout(SECONDS * 1_000));
  const timer = setTimeout(() => giveUp.abort(new Error('no answer in a time of calm')), ANSWERS_WITHIN_MS);
  await load.finish().finally(() => clearTimeout(timer));
  console.log(`      ${load.orders.length} orders; killed: ${killed.join(', ')}`);
  assert.deepEqual(load.strangeAnswers, []);
  assert.ok(load.orders.length >= LEAST_ORDERS, `${load.orders.length} orders are too few to prove anything`);
  await everythingTookEffect(shop, load, products);
};

type Products = Awaited<ReturnType<typeof listProducts>>;

const everythingTookEffect = (shop: Shop, { orders, commands }: Load, products: Products): Promise<void> =>
  administered(async ({ mongo }) => {
    await until('MongoDB answers', () => mongo.db('admin').command({ ping: 1 }));
    const { seconds, violations } = await drain({
      client: mongo,
      shop,
      promised: { products, orders, commands, requests: shop.doors.requests() },
    });
    assert.deepEqual(violations.slice(0, 20), []);
    assert.ok(seconds !== undefined, 'events were still under way a minute later');
  });

/** One pod after the other: mostly of contexts, now and then one of the release, MongoDB and Redis among them. */
const killPods = async (cell: string, signal: AbortSignal): Promise<readonly string[]> => {
  const release = [
    'cadastre-redis',
    'cloud',
    'cadastre-relay',
    'subscriptions',
    'cadastre-mongodb',
    'cadastre-operator',
  ];
  const killed: string[] = [];
  for (let round = 0; ; round += 1) {
    await delay(KILL_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return killed;
    const [namespace, prefix] =
      round % 2 === 0
        ? [namespaceOf(cell), '']
        : [NAMESPACE, release[((round - 1) / 2) % release.length] ?? ''];
    const { items } = await kubectlJson<Pods>('get', 'pods', '-n', namespace);
    const pods = items.map(({ metadata: { name } }) => name).filter((name) => name.startsWith(prefix));
    const victim = pods[round % pods.length];
    if (victim === undefined) continue;
    await kubectl('delete', 'pod', victim, '-n', namespace, '--grace-period=0', '--force', '--wait=false');
    killed.push(victim);
  }
};

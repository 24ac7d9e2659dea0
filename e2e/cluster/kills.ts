import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContextMap, contextMapSchema } from '../../kit/context-map/context-map.ts';
import { type Doors, send } from '../faults/doors.ts';
import { drain } from '../faults/drain.ts';
import { type Load, startLoad } from '../faults/load.ts';
import { seededRandom } from '../faults/random.ts';
import { listProducts, type Shop } from '../faults/shop.ts';
import { forwarded } from './forward.ts';
import { kubectl, kubectlJson, NAMESPACE, namespaceOf, tenantOf } from './kubectl.ts';
import { apisOf } from './order.ts';
import { administered } from './servers.ts';
import { until } from './steps.ts';
import { applyTenants, deleteTenants } from './tenants.ts';

const TENANTS = ['globex', 'initech', 'umbrella'];
const SECONDS = 90;
const ORDERS_PER_SECOND = 20;
const LEAST_ORDERS = 200;
const KILL_EVERY_MS = 6_000;
const LISTED_WITHIN_MS = 120_000;
const ANSWERS_WITHIN_MS = 120_000;

type Pods = { items: { metadata: { name: string; namespace: string } }[] };
type MapConfig = { data: { 'map.json': string } };

/** Tenants of a pooled cell order while its pods, those of relay and operator, MongoDB and Redis are killed. */
export const losesNothingUnderKills = async (): Promise<void> => {
  await applyTenants(TENANTS, 'starter');
  const tenants = await Promise.all(TENANTS.map(tenantOf));
  const cell = tenants[0]?.cell ?? '';
  assert.ok(
    tenants.every((one) => one.cell === cell),
    'tenants of a pooled plan share a cell',
  );
  await forwarded(apisOf(cell), async (apis) => {
    await underKills(
      { doors: doorsOf(apis), map: await mapOf(cell), tenants: tenants.map(({ id }) => id) },
      cell,
    );
  });
  await deleteTenants(TENANTS);
};

type Apis = Readonly<Record<string, { readonly url: string }>>;

/** The contexts themselves: nobody counts what is asked of them. */
const doorsOf = (apis: Apis): Doors => ({
  ask: ({ tenant, context, path, headers, ...asked }) =>
    send(`${apis[context]?.url}${path}`, { ...asked, headers: { ...headers, 'x-tenant': tenant } }),
  requests: () => [],
});

const mapOf = async (cell: string): Promise<ContextMap> => {
  const { data } = await kubectlJson<MapConfig>('get', 'configmap', 'context-map', '-n', namespaceOf(cell));
  return contextMapSchema.parse(JSON.parse(data['map.json']));
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
      promised: { products, orders, commands, requests: [] },
    });
    assert.deepEqual(violations.slice(0, 20), []);
    assert.ok(seconds !== undefined, 'events were still under way a minute later');
  });

/** One pod after the other: mostly of contexts, now and then one of the release, MongoDB and Redis among them. */
const killPods = async (cell: string, signal: AbortSignal): Promise<readonly string[]> => {
  const release = ['cadastre-redis', 'cadastre-relay', 'cadastre-mongodb', 'cadastre-operator'];
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

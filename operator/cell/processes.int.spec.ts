import { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { parseAllDocuments } from 'yaml';
import { type Signer, startSigner } from '../../kit/identity/signer.ts';
import { eventually } from '../../local/servers/testing/world.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { type GuardedServers, startGuardedServers } from './testing/guarded-servers.ts';
import { aCell, aContext, aPlan, aSubscription, aTenant } from './testing/objects.ts';
import { processes } from './testing/processes.ts';
import { aSite } from './testing/site.ts';

const samples = new URL('../../samples/bounded-contexts.yaml', import.meta.url);
const CONTEXTS = parseAllDocuments(readFileSync(samples, 'utf8'))
  .map((document) => document.toJS())
  .filter(({ spec }) => spec.scope === 'Tenant');
const NAMES = CONTEXTS.map(({ metadata }) => metadata.name as string);
const TENANT = 'acme-12345678';

type Variable = { name: string; value?: string };
type Deployment = KubeObject & {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { env: Variable[] }[] } };
  };
};
type ConfigMap = KubeObject & { readonly data: Readonly<Record<string, string>> };

describe('the contexts of a cell, with the accounts that it gives them', function () {
  this.timeout(90_000);
  let servers: GuardedServers;
  /** Stands for the front door. */
  let signer: Signer;
  let site: ReturnType<typeof aSite>;
  let running: Awaited<ReturnType<typeof processes>>;
  const urls: Record<string, string> = {};

  /** As the kubelet makes it of Deployment and Secret. */
  const environmentOf = (context: string): Record<string, string> => {
    const { env = [] } =
      site.child<Deployment>('Deployment', context)?.spec.template.spec.containers[0] ?? {};
    const { mongodbUri = '', redisUrl = '' } = site.access(context) ?? {};
    const said = env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
    return { ...Object.fromEntries(said), MONGODB_URI: mongodbUri, REDIS_URL: redisUrl };
  };

  before(async () => {
    servers = await startGuardedServers();
    site = aSite(servers, {
      cell: aCell(),
      objects: [
        aTenant({ status: { cell: 'acme', id: TENANT } }),
        aPlan({ spec: { contexts: NAMES } }),
        aSubscription(),
        ...CONTEXTS.map(({ metadata, spec }) => aContext({ spec }, metadata.name)),
      ],
    });
    await site.reconcile();
    const map = site.child<ConfigMap>('ConfigMap', 'context-map')?.data['map.json'];
    signer = await startSigner();
    running = await processes(JSON.stringify({ ...JSON.parse(map ?? ''), identity: signer.issuer }));
    for (const name of NAMES) urls[name] = await running.run(`contexts/${name}/main.ts`, environmentOf(name));
    await running.run('relay/main.ts', {
      MONGODB_URI: servers.mongodbUri,
      MONGODB_DATABASE: 'cadastre-relay',
      REDIS_URL: servers.redisUrl,
      REDIS_PREFIX: '{platform-relay}',
      CADASTRE_CELL: 'platform',
    });
  });
  after(async () => {
    await running?.stop();
    await signer?.stop();
    await site?.close();
    await servers?.stop();
  });

  type Answer = { readonly status: number; readonly body: { readonly items?: readonly unknown[] } };

  /** `ask('catalog', 'GET /v1/products/cup')` */
  const ask = async (context: string, request: string, body?: object): Promise<Answer> => {
    const [method = '', path] = request.split(' ');
    const token = await signer.sign({ tenant: TENANT, audience: context });
    const answer = await fetch(`${urls[context]}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };

  it('sell a product: an order becomes a shipment', async () => {
    const cup = { name: 'Cup', price: { amount: 900, currency: 'EUR' }, availableQuantity: 5 };
    equal((await ask('catalog', 'PUT /v1/products/cup', cup)).status, 200);
    await eventually(
      'the item is known',
      async () => (await ask('ordering', 'GET /v1/items/cup')).status === 200,
      30_000,
    );
    const order = { customer: 'Ada', lines: [{ itemId: 'cup', quantity: 1 }] };
    equal((await ask('ordering', 'POST /v1/orders', order)).status, 201);
    const shipments = async () => (await ask('shipping', 'GET /v1/shipments')).body.items?.length;
    await eventually('there is a shipment', async () => (await shipments()) === 1, 30_000);
  });
  it('were refused nothing by Redis, and never died', async () => {
    const redis = new Redis(servers.redisUrl);
    const log = (await redis.call('ACL', 'LOG', 100)) as unknown[][];
    redis.disconnect();
    deepEqual(
      log.map((entry) => entry.slice(0, 8)),
      [],
    );
    equal(running.restarts(), 0);
  });
});

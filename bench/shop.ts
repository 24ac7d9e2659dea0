import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { Ground, Standing } from './ground.ts';
import { type Load, type LoadResult, type Pace, startLoad } from './load.ts';
import { TENANTS } from './order-events.ts';

/** The whole landscape with a catalogue that never sells out. */
export type Shop = Standing & { readonly client: MongoClient; load(pace: Pace, seconds: number): Load };

const ITEMS = Array.from({ length: 100 }, (_, index) => `cup-${index}`);
const STOCK = 1_000_000_000;
const AT_ONCE = 20;
/** Longer than any run, so that each token is signed, and verified by each process, once. */
const SIGNED_SECONDS = 6 * 60 * 60;

/** The same for all who ask on a ground. */
const shops = new WeakMap<Ground, Promise<Shop>>();

export const openShop = (ground: Ground): Promise<Shop> => {
  const open = shops.get(ground) ?? createShop(ground);
  shops.set(ground, open);
  return open;
};

const createShop = async (ground: Ground): Promise<Shop> => {
  const standing = await ground.whole();
  const client = new MongoClient(standing.servers.mongodbUri);
  const url = urlOf(standing, 'ordering');
  const { sign } = standing.signer;
  const tokensFor = (audience: string) =>
    Promise.all(TENANTS.map((tenant) => sign({ tenant, audience, expiresIn: SIGNED_SECONDS })));
  await listProducts(urlOf(standing, 'catalog'), await tokensFor('catalog'));
  const items = client.db('local-ordering').collection('items');
  while ((await items.countDocuments()) < TENANTS.length * ITEMS.length) await delay(50);
  const tokens = await tokensFor('ordering');
  const load = (pace: Pace, seconds: number) => startLoad({ url, tokens, items: ITEMS, seconds, pace });
  return { ...standing, client, load };
};

export const urlOf = ({ landscape }: Standing, name: string): string => {
  const url = landscape.endpoints.get(name)?.url;
  if (url === undefined) throw new Error(`there is no ${name} in this landscape`);
  return url;
};

const listProducts = async (catalog: string, tokens: readonly string[]): Promise<void> => {
  const all = tokens.flatMap((token) => ITEMS.map((sku) => ({ token, sku })));
  while (all.length > 0) {
    await Promise.all(all.splice(0, AT_ONCE).map(({ token, sku }) => putProduct(catalog, token, sku)));
  }
};

const putProduct = async (catalog: string, token: string, sku: string): Promise<void> => {
  const product = { name: `Cup ${sku}`, price: { amount: 1_250, currency: 'EUR' }, availableQuantity: STOCK };
  const answer = await fetch(`${catalog}/v1/products/${sku}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(product),
  });
  if (!answer.ok)
    throw new Error(`cannot list ${sku}: catalog answered ${answer.status} ${await answer.text()}`);
};

/** A load that was refused is no load. */
export const finished = async ({ result }: Load): Promise<LoadResult> => {
  const ended = await result;
  if (ended.failed > 0)
    throw new Error(`${ended.failed} of ${ended.failed + ended.placed} orders were not placed`);
  return ended;
};

import { setTimeout as delay } from 'node:timers/promises';
import type { ContextMap } from '../../kit/context-map/context-map.ts';
import type { Doors } from './doors.ts';
import type { ListedProduct } from './history.ts';
import { untilAnswered } from './until-answered.ts';

/** Where orders are placed: the front door, the contexts' databases, and its tenants. */
export type Shop = {
  readonly doors: Doors;
  readonly map: Pick<ContextMap, 'contexts'>;
  readonly tenants: readonly string[];
};

/** Tenants sell under the same skus to customers of the same names, so whatever gets mixed up collides. */
export const TENANTS = ['acme', 'globex', 'initech'] as const;
export const CUSTOMERS = ['ada', 'bob', 'cleo', 'dan'] as const;
/** Few enough that their documents are contended for. */
const PLENTIFUL = Array.from({ length: 12 }, (_, index) => `cup-${index + 1}`);
/** Runs out at once and comes back only when somebody cancels. */
export const SCARCE = 'vase';
export const SKUS = [...PLENTIFUL, SCARCE] as const;
const PLENTY = 10_000_000;
const FEW = 40;

/** Lists every product in every tenant; resolves when all can be ordered. */
export const listProducts = async (shop: Shop, signal: AbortSignal): Promise<ListedProduct[]> => {
  const products = shop.tenants.flatMap((tenant) =>
    SKUS.map((sku) => ({ tenant, sku, quantity: sku === SCARCE ? FEW : PLENTY })),
  );
  await Promise.all(products.map((product) => list(shop, product, signal)));
  return products;
};

const list = async ({ doors }: Shop, { tenant, sku, quantity }: ListedProduct, signal: AbortSignal) => {
  const price = { amount: 500, currency: 'EUR' };
  const body = { name: `${sku} of ${tenant}`, price, availableQuantity: quantity };
  const path = `/v1/products/${sku}`;
  await untilAnswered(doors, { tenant, context: 'catalog', path, body, method: 'PUT' }, { signal });
  const item = { tenant, context: 'ordering', path: `/v1/items/${sku}`, method: 'GET' } as const;
  const isOffered = async () => (await doors.ask(item)).status === 200;
  while (!(await isOffered().catch(() => false))) {
    signal.throwIfAborted();
    await delay(50, undefined, { signal });
  }
};

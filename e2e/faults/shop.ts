import { setTimeout as delay } from 'node:timers/promises';
import type { ContextMap } from '../../kit/context-map/context-map.ts';
import type { ListedProduct } from './history.ts';
import { untilAnswered } from './until-answered.ts';

/** Where orders are placed: the APIs of one cell by context, its databases, and its tenants. */
export type Shop = {
  readonly endpoints: ReadonlyMap<string, { readonly url: string }>;
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

export const urlOf = ({ endpoints }: Shop, context: string, path: string): string =>
  `${endpoints.get(context)?.url}${path}`;

/** Lists every product in every tenant; resolves when all can be ordered. */
export const listProducts = async (shop: Shop, signal: AbortSignal): Promise<ListedProduct[]> => {
  const products = shop.tenants.flatMap((tenant) =>
    SKUS.map((sku) => ({ tenant, sku, quantity: sku === SCARCE ? FEW : PLENTY })),
  );
  await Promise.all(products.map((product) => list(shop, product, signal)));
  return products;
};

const list = async (shop: Shop, { tenant, sku, quantity }: ListedProduct, signal: AbortSignal) => {
  const price = { amount: 500, currency: 'EUR' };
  const body = { name: `${sku} of ${tenant}`, price, availableQuantity: quantity };
  await untilAnswered(
    { url: urlOf(shop, 'catalog', `/v1/products/${sku}`), tenant, body, method: 'PUT' },
    signal,
  );
  const isOffered = async () => {
    const response = await fetch(urlOf(shop, 'ordering', `/v1/items/${sku}`), {
      headers: { 'x-tenant': tenant },
    });
    return response.ok;
  };
  while (!(await isOffered().catch(() => false))) {
    signal.throwIfAborted();
    await delay(50, undefined, { signal });
  }
};

import type { z } from 'zod';
import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { catalog } from './contract.ts';

export type ProductEvent = EventOf<typeof catalog, 'product'>;
export type ProductData = z.output<typeof catalog.events.ProductListed.schema>;

/** An unlisted product is never stored: it is what an unknown sku reads as. */
export type Product = { readonly status: 'unlisted' } | ListedProduct;
export type ListedProduct = ProductData & { readonly status: 'listed' };

const evolve = (state: Product, event: ProductEvent): Product => {
  switch (event.type) {
    case 'ProductListed':
    case 'ProductSnapshot':
      return { status: 'listed', ...event.data };
    case 'PriceChanged':
      return state.status === 'listed' ? { ...state, price: event.data.price } : state;
    case 'StockChanged':
      return state.status === 'listed'
        ? { ...state, availableQuantity: event.data.availableQuantity }
        : state;
  }
};

const snapshot = (state: Product): ProductEvent | undefined => {
  if (state.status === 'unlisted') return undefined;
  const { status: _, ...data } = state;
  return { type: 'ProductSnapshot', data };
};

export const product = aggregate<Product, ProductEvent>({
  kind: 'product',
  collection: 'products',
  initialState: () => ({ status: 'unlisted' }),
  evolve,
  snapshot,
});

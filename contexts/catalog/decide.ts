import { currencyMismatch } from './errors.ts';
import type { ListedProduct, Product, ProductData, ProductEvent } from './product.ts';
import type { Reservation, ReservationEvent, StockLine } from './reservation.ts';

export type PutProduct = { readonly type: 'PutProduct'; readonly product: ProductData };

/** Makes the product what the command says; says only what differs, so the same command twice says nothing. */
export const decide = ({ product }: PutProduct, state: Product): ProductEvent[] => {
  if (state.status === 'unlisted') return [{ type: 'ProductListed', data: product }];
  const { sku, price } = product;
  if (state.price.currency !== price.currency) {
    throw currencyMismatch({ sku, listed: state.price.currency, asked: price.currency });
  }
  return state.name === product.name
    ? differences(state, product)
    : [{ type: 'ProductListed', data: product }];
};

/** What reserving and releasing read: the order's reservation, and of each line the product, in that order. */
export type Stock = { readonly reservation: Reservation; readonly products: readonly Product[] };
export type StockEvents = { reservation?: ReservationEvent[]; products?: ProductEvent[][] };

/** Holds all lines or none. `lines` are of different skus. */
export const reserve = (orderId: string, lines: readonly StockLine[], stock: Stock): StockEvents => {
  if (stock.reservation.status === 'reserved') return {};
  const asked = lines.map((line, index) => ({ ...line, product: stock.products[index] ?? UNLISTED }));
  const short = asked
    .filter(({ quantity, product }) => availableOf(product) < quantity)
    .map(({ sku, quantity, product }) => ({
      reference: sku,
      asked: quantity,
      available: availableOf(product),
    }));
  if (short.length > 0) {
    return {
      reservation: [{ type: 'ReservationRefused', data: { orderId, reason: 'out-of-stock', short } }],
    };
  }
  return {
    reservation: [{ type: 'StockReserved', data: { orderId, lines } }],
    products: asked.map(({ quantity, product }) => stockMoved(product, -quantity)),
  };
};

/** Gives back what is held, by what was held and not by what is asked now. */
export const release = (orderId: string, lines: readonly StockLine[], stock: Stock): StockEvents => {
  const { reservation, products } = stock;
  if (reservation.status !== 'reserved') return {};
  const held = new Map(reservation.lines.map(({ sku, quantity }) => [sku, quantity]));
  return {
    reservation: [{ type: 'StockReleased', data: { orderId } }],
    products: lines.map(({ sku }, index) => stockMoved(products[index] ?? UNLISTED, held.get(sku) ?? 0)),
  };
};

const UNLISTED: Product = { status: 'unlisted' };

const availableOf = (product: Product) => (product.status === 'listed' ? product.availableQuantity : 0);

const stockMoved = (product: Product, by: number): ProductEvent[] => {
  if (product.status === 'unlisted' || by === 0) return [];
  return [
    { type: 'StockChanged', data: { sku: product.sku, availableQuantity: product.availableQuantity + by } },
  ];
};

const differences = (
  state: ListedProduct,
  { sku, price, availableQuantity }: ProductData,
): ProductEvent[] => {
  const events: ProductEvent[] = [];
  if (state.price.amount !== price.amount) events.push({ type: 'PriceChanged', data: { sku, price } });
  if (state.availableQuantity !== availableQuantity) {
    events.push({ type: 'StockChanged', data: { sku, availableQuantity } });
  }
  return events;
};

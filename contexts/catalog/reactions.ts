import { reading } from '../../kit/event/published-language.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { ordering } from '../ordering/contract.ts';
import { release, reserve } from './decide.ts';
import { product } from './product.ts';
import { reservation, type StockLine } from './reservation.ts';

/** What the catalog reads of an order: ordering keeps our sku as its opaque `reference`. */
type OrderLines = {
  readonly orderId: string;
  readonly lines: readonly { readonly reference: string; readonly quantity: number }[];
};

const { OrderPlaced, OrderCancelled, OrderReinstated } = ordering.events;

const onOrderPlaced = reaction(
  reading(OrderPlaced, (order) => order.pick({ orderId: true, lines: true })),
  {
    keys: ({ data }) => stockOf(data),
    on: ({ data }, stock) => reserve(data.orderId, perSku(data), stock),
  },
);

const onOrderCancelled = reaction(
  reading(OrderCancelled, (order) => order.pick({ orderId: true, lines: true })),
  {
    keys: ({ data }) => stockOf(data),
    on: ({ data }, stock) => release(data.orderId, perSku(data), stock),
  },
);

/** The goods have left already, so a refusal only tells that more was sold than there was. */
const onOrderReinstated = reaction(
  reading(OrderReinstated, (order) => order.pick({ orderId: true, lines: true })),
  {
    keys: ({ data }) => stockOf(data),
    on: ({ data }, stock) => reserve(data.orderId, perSku(data), stock),
  },
);

export const reactions = [onOrderPlaced, onOrderCancelled, onOrderReinstated];

const stockOf = (order: OrderLines) => ({
  reservation: reservation.key(order.orderId),
  products: perSku(order).map(({ sku }) => product.key(sku)),
});

/** One line per sku: two lines of one product must not each see the whole stock. */
const perSku = ({ lines }: OrderLines): StockLine[] => {
  const quantities = new Map<string, number>();
  for (const { reference, quantity } of lines) {
    quantities.set(reference, (quantities.get(reference) ?? 0) + quantity);
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
};

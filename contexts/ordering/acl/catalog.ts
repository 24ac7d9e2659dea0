import { type EventType, reading } from '../../../kit/event/published-language.ts';
import { reaction } from '../../../kit/inbox/reaction.ts';
import { catalog } from '../../catalog/contract.ts';
import { decide, offer, reprice } from '../decide.ts';
import { type ItemData, item, type Money } from '../item.ts';
import { order } from '../order.ts';

/**
 * The anticorruption layer: the only place in ordering that speaks of products. A product becomes an
 * item, its sku the item's opaque `reference`.
 */
type CatalogProduct = { readonly sku: string; readonly name: string; readonly price: Money };

/** The one rule by which an item gets its id; nobody else may rely on it. */
const itemIdOf = (sku: string) => sku;

export const toItem = ({ sku, name, price }: CatalogProduct): ItemData => ({
  itemId: itemIdOf(sku),
  name,
  unitPrice: { amount: price.amount, currency: price.currency },
  reference: sku,
});

const { ProductListed, ProductSnapshot, PriceChanged, ReservationRefused } = catalog.events;

const onProduct = (type: EventType<string, typeof ProductListed.schema>) =>
  reaction(
    reading(type, (product) => product.pick({ sku: true, name: true, price: true })),
    {
      keys: ({ data }) => ({ item: item.key(itemIdOf(data.sku)) }),
      on: ({ data }, states) => ({ item: offer(toItem(data), states.item) }),
    },
  );

const onPriceChanged = reaction(PriceChanged, {
  keys: ({ data }) => ({ item: item.key(itemIdOf(data.sku)) }),
  on: ({ data }, states) => ({ item: reprice(itemIdOf(data.sku), data.price, states.item) }),
});

const onReservationRefused = reaction(
  reading(ReservationRefused, (refused) => refused.pick({ orderId: true, reason: true })),
  {
    keys: ({ data }) => ({ order: order.key(data.orderId) }),
    on: ({ data: { orderId, reason }, time }, states) => ({
      order: decide({ type: 'RefuseOrder', orderId, reason, now: time }, states.order),
    }),
  },
);

export const catalogReactions = [
  onProduct(ProductListed),
  onProduct(ProductSnapshot),
  onPriceChanged,
  onReservationRefused,
];

import { mixedCurrencies, orderNotFound, orderShipped, totalTooLarge, unknownItem } from './errors.ts';
import type { Item, ItemData, ItemEvent, Money } from './item.ts';
import type { Order, OrderEvent, OrderLine } from './order.ts';

/** One line of a wish; `item` is what ordering knows of `itemId`. An item appears in one line only. */
export type AskedLine = {
  readonly itemId: string;
  readonly quantity: number;
  readonly item: Item | undefined;
};

type Base = { readonly orderId: string; readonly now: string };
export type PlaceOrder = Base & {
  readonly type: 'PlaceOrder';
  readonly customer: string;
  readonly lines: readonly AskedLine[];
};
/** A customer's wish: refused once the goods have left. */
export type CancelOrder = Base & { readonly type: 'CancelOrder' };
/** The goods cannot be had: no news for an order that is shipped or cancelled. */
export type RefuseOrder = Base & { readonly type: 'RefuseOrder'; readonly reason: string };
export type ShipOrder = Base & { readonly type: 'ShipOrder' };
export type OrderCommand = PlaceOrder | CancelOrder | RefuseOrder | ShipOrder;

export const decide = (command: OrderCommand, state: Order): OrderEvent[] => {
  switch (command.type) {
    case 'PlaceOrder':
      return place(command, state);
    case 'CancelOrder':
      return cancel(command, state);
    case 'RefuseOrder':
      return state.status === 'placed' ? [cancelled(command, command.reason, state.lines)] : [];
    case 'ShipOrder':
      return ship(command, state);
  }
};

const place = ({ orderId, customer, lines, now }: PlaceOrder, state: Order): OrderEvent[] => {
  if (state.status !== 'none') return [];
  const priced = lines.map(pricedLine);
  return [
    {
      type: 'OrderPlaced',
      data: { orderId, customer, lines: priced, total: totalOf(priced), placedAt: now },
    },
  ];
};

const cancel = (command: CancelOrder, state: Order): OrderEvent[] => {
  if (state.status === 'none') throw orderNotFound(command.orderId);
  if (state.status === 'shipped') throw orderShipped(command.orderId);
  return state.status === 'placed' ? [cancelled(command, 'cancelled-by-customer', state.lines)] : [];
};

/** The goods have left whatever was decided here meanwhile, so a cancelled order comes back. */
const ship = ({ orderId, now }: ShipOrder, state: Order): OrderEvent[] => {
  if (state.status === 'placed') return [{ type: 'OrderShipped', data: { orderId, shippedAt: now } }];
  if (state.status !== 'cancelled') return [];
  return [{ type: 'OrderReinstated', data: { orderId, lines: held(state.lines), reinstatedAt: now } }];
};

const cancelled = ({ orderId, now }: Base, reason: string, lines: readonly OrderLine[]): OrderEvent => ({
  type: 'OrderCancelled',
  data: { orderId, reason, lines: held(lines), cancelledAt: now },
});

const held = (lines: readonly OrderLine[]) =>
  lines.map(({ reference, quantity }) => ({ reference, quantity }));

const pricedLine = ({ itemId, quantity, item }: AskedLine): OrderLine => {
  if (item?.status !== 'offered') throw unknownItem(itemId);
  const { name, unitPrice, reference } = item;
  return { itemId, name, reference, unitPrice, quantity };
};

const totalOf = (lines: readonly OrderLine[]): Money => {
  const currencies = [...new Set(lines.map(({ unitPrice }) => unitPrice.currency))];
  const [currency, ...others] = currencies;
  if (currency === undefined || others.length > 0) throw mixedCurrencies(currencies);
  const amount = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice.amount * quantity, 0);
  // All terms are positive, so a sum that left the safe range never comes back into it.
  if (!Number.isSafeInteger(amount)) throw totalTooLarge();
  return { amount, currency };
};

/** What others offer, said only where it differs from what is known. */
export const offer = (offered: ItemData, state: Item): ItemEvent[] => {
  const same =
    state.status === 'offered' &&
    state.name === offered.name &&
    state.reference === offered.reference &&
    samePrice(state.unitPrice, offered.unitPrice);
  return same ? [] : [{ type: 'ItemOffered', data: offered }];
};

export const reprice = (itemId: string, unitPrice: Money, state: Item): ItemEvent[] => {
  if (state.status !== 'offered' || samePrice(state.unitPrice, unitPrice)) return [];
  return [{ type: 'ItemRepriced', data: { itemId, unitPrice } }];
};

const samePrice = (one: Money, other: Money) =>
  one.amount === other.amount && one.currency === other.currency;

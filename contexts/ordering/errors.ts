import { DomainError } from '../../kit/aggregate/errors.ts';

/** Cause: nobody offers the item in this tenant (yet). Normal. Choose one of GET /v1/items. */
export const unknownItem = (itemId: string) =>
  new DomainError('unknown-item', `item ${itemId} is not offered; choose one of GET /v1/items`, { itemId });

/** Cause: as of unknown-item, where the item itself was asked for. Normal. Choose one of GET /v1/items. */
export const itemNotFound = (itemId: string) =>
  new DomainError('item-not-found', `item ${itemId} is not offered; choose one of GET /v1/items`, { itemId });

/** Cause: the items are priced in different currencies. Normal. Place one order per currency. */
export const mixedCurrencies = (currencies: readonly string[]) =>
  new DomainError(
    'mixed-currencies',
    `an order has one currency, not ${currencies.join(' and ')}; place an order for each`,
    { currencies },
  );

/** Cause: the sum is beyond what a number holds exactly. Not normal: a price or a quantity is wrong. */
export const totalTooLarge = () =>
  new DomainError(
    'total-too-large',
    `the order's total exceeds ${Number.MAX_SAFE_INTEGER} minor units; order less`,
    { limit: Number.MAX_SAFE_INTEGER },
  );

/** Cause: no such order in this tenant. Normal. Correct the id. */
export const orderNotFound = (orderId: string) =>
  new DomainError('order-not-found', `there is no order ${orderId}; correct the id`, { orderId });

/** Cause: the goods have left. Normal. Have them sent back instead. */
export const orderShipped = (orderId: string) =>
  new DomainError('order-shipped', `order ${orderId} is shipped and cannot be cancelled; return it instead`, {
    orderId,
  });

export const statuses = {
  'order-not-found': 404,
  'item-not-found': 404,
  'order-shipped': 409,
  'unknown-item': 422,
  'mixed-currencies': 422,
  'total-too-large': 422,
} as const;

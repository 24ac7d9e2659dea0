import type { z } from 'zod';
import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { ordering } from './contract.ts';

/** That an order is shipped is shipping's news; ordering publishes only what follows for a cancelled one. */
export type OrderEvent =
  | EventOf<typeof ordering, 'order'>
  | { readonly type: 'OrderShipped'; readonly data: { orderId: string; shippedAt: string } };

export type OrderData = z.output<typeof ordering.events.OrderPlaced.schema>;
export type OrderLine = OrderData['lines'][number];

export type Order =
  | { readonly status: 'none' }
  | (OrderData & { readonly status: 'placed' })
  | (OrderData & { readonly status: 'cancelled'; readonly reason: string; readonly cancelledAt: string })
  | (OrderData & { readonly status: 'shipped'; readonly shippedAt: string });

const evolve = (state: Order, event: OrderEvent): Order => {
  if (event.type === 'OrderPlaced') return { status: 'placed', ...event.data };
  if (state.status === 'none') return state;
  const { orderId, customer, lines, total, placedAt } = state;
  const data = { orderId, customer, lines, total, placedAt };
  switch (event.type) {
    case 'OrderCancelled':
      return { status: 'cancelled', ...data, reason: event.data.reason, cancelledAt: event.data.cancelledAt };
    case 'OrderReinstated':
      return { status: 'shipped', ...data, shippedAt: event.data.reinstatedAt };
    case 'OrderShipped':
      return { status: 'shipped', ...data, shippedAt: event.data.shippedAt };
  }
};

export const order = aggregate<Order, OrderEvent>({
  kind: 'order',
  collection: 'orders',
  initialState: () => ({ status: 'none' }),
  evolve,
  // Ids are UUIDv7, so a customer's orders lie in the order of time.
  indexes: [{ tenant: 1, 'state.customer': 1, _id: -1 }],
});

import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { ordering } from '../contract.ts';
import { orderNotFound } from '../errors.ts';
import { type Order, order } from '../order.ts';

const placed = ordering.events.OrderPlaced.schema;

export const orderSchema = placed.extend({
  status: z.enum(['placed', 'cancelled', 'shipped']),
  lines: z.array(placed.shape.lines.element.omit({ reference: true })),
  reason: z.string().optional(),
  cancelledAt: z.iso.datetime().optional(),
  shippedAt: z.iso.datetime().optional(),
});
export const orderPageSchema = pageSchema(orderSchema);
type OrderView = z.output<typeof orderSchema>;

/** @throws DomainError order-not-found */
export const toOrder = (orderId: string, state: Order): OrderView => {
  if (state.status === 'none') throw orderNotFound(orderId);
  const lines = state.lines.map(({ itemId, name, unitPrice, quantity }) => ({
    itemId,
    name,
    unitPrice,
    quantity,
  }));
  return { ...state, lines };
};

export const findOrder = async (db: Db, tenant: string, orderId: string): Promise<OrderView> => {
  const found = await ordersOf(db).findOne({ _id: `${tenant}/${orderId}`, tenant });
  if (found === null) throw orderNotFound(orderId);
  return toOrder(orderId, found.state);
};

export type OrdersQuery = PageQuery & { readonly customer?: string | undefined };

/** Newest first: order ids are UUIDv7, so they sort by time. */
export const listOrders = async (db: Db, tenant: string, query: OrdersQuery) => {
  // '0' follows '/', so this range holds all ids of the tenant, or those before the page's start.
  const before = query.after === undefined ? `${tenant}0` : `${tenant}/${query.after}`;
  const documents = await ordersOf(db)
    .find({
      tenant,
      _id: { $gt: `${tenant}/`, $lt: before },
      ...(query.customer !== undefined && { 'state.customer': query.customer }),
    })
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .toArray();
  const orders = documents.map(({ id, state }) => toOrder(id, state));
  return pageOf(orders, query, ({ orderId }) => orderId);
};

const ordersOf = (db: Db) => db.collection<AggregateDocument<Order>>(order.collection);

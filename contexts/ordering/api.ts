import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { pageQuery } from '../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../kit/rest/route.ts';
import { MAX_LINES } from './contract.ts';
import { decide } from './decide.ts';
import { item } from './item.ts';
import { order } from './order.ts';
import { findItem, itemPageSchema, itemSchema, listItems } from './views/items.ts';
import { findOrder, listOrders, orderPageSchema, orderSchema, toOrder } from './views/orders.ts';

const id = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores');
const customer = z.string().min(1).max(200);
const line = z.strictObject({ itemId: id, quantity: z.int().min(1).max(1_000_000) });
const orderParams = z.object({ id });

/** Two lines of one item are one. */
const merged = (lines: readonly z.output<typeof line>[]) => {
  const quantities = new Map<string, number>();
  for (const { itemId, quantity } of lines) quantities.set(itemId, (quantities.get(itemId) ?? 0) + quantity);
  return [...quantities].map(([itemId, quantity]) => ({ itemId, quantity }));
};

const placeOrder = commandRoute({
  method: 'POST',
  path: '/v1/orders',
  summary: 'Place an order',
  body: z.strictObject({ customer, lines: z.array(line).min(1).max(MAX_LINES) }),
  answers: { 201: orderSchema },
  refusals: ['unknown-item', 'mixed-currencies', 'total-too-large'],
  command: ({ body, now }) => {
    const orderId = uuidv7();
    const lines = merged(body.lines);
    const wish = { type: 'PlaceOrder', orderId, customer: body.customer, now: now.toISOString() } as const;
    return commandCall({
      keys: { order: order.newKey(orderId), items: lines.map(({ itemId }) => item.key(itemId)) },
      decide: (states) => {
        const asked = lines.map((one, index) => ({ ...one, item: states.items[index] }));
        return { order: decide({ ...wish, lines: asked }, states.order) };
      },
      answer: (states) => ({
        status: 201,
        body: toOrder(orderId, states.order),
        headers: { location: `/v1/orders/${orderId}` },
      }),
    });
  },
});

const getOrder = queryRoute({
  method: 'GET',
  path: '/v1/orders/{id}',
  summary: 'Show an order',
  params: orderParams,
  answers: { 200: orderSchema },
  refusals: ['order-not-found'],
  read: async ({ tenant, params }, db) => ({ status: 200, body: await findOrder(db, tenant, params.id) }),
});

const getOrders = queryRoute({
  method: 'GET',
  path: '/v1/orders',
  summary: 'List orders, newest first, of one customer or of all',
  query: pageQuery.extend({ customer: customer.optional() }),
  answers: { 200: orderPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listOrders(db, tenant, query) }),
});

const cancelOrder = commandRoute({
  method: 'POST',
  path: '/v1/orders/{id}/cancel',
  summary: 'Cancel an order that is not shipped',
  params: orderParams,
  answers: { 200: orderSchema },
  refusals: ['order-not-found', 'order-shipped'],
  command: ({ params, now }) =>
    commandCall({
      keys: { order: order.key(params.id) },
      decide: (states) => ({
        order: decide({ type: 'CancelOrder', orderId: params.id, now: now.toISOString() }, states.order),
      }),
      answer: (states) => ({ status: 200, body: toOrder(params.id, states.order) }),
    }),
});

const getItems = queryRoute({
  method: 'GET',
  path: '/v1/items',
  summary: 'List what can be ordered',
  query: pageQuery,
  answers: { 200: itemPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listItems(db, tenant, query) }),
});

const getItem = queryRoute({
  method: 'GET',
  path: '/v1/items/{itemId}',
  summary: 'Show something that can be ordered',
  params: z.object({ itemId: id }),
  answers: { 200: itemSchema },
  refusals: ['item-not-found'],
  read: async ({ tenant, params }, db) => ({ status: 200, body: await findItem(db, tenant, params.itemId) }),
});

export const api = [placeOrder, getOrder, getOrders, cancelOrder, getItems, getItem];

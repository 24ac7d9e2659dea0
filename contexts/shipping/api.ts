import { z } from 'zod';
import { pageQuery } from '../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../kit/rest/route.ts';
import { decide } from './decide.ts';
import { shipment } from './shipment.ts';
import { listShipments, shipmentPageSchema, shipmentSchema, toShipment } from './views/shipments.ts';

const id = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores');

const getShipments = queryRoute({
  method: 'GET',
  path: '/v1/shipments',
  summary: 'List shipments, of one order or of all',
  query: pageQuery.extend({ order: id.optional() }),
  answers: { 200: shipmentPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listShipments(db, tenant, query) }),
});

const dispatchShipment = commandRoute({
  method: 'POST',
  path: '/v1/shipments/{id}/dispatch',
  summary: 'Record that a shipment has left',
  params: z.object({ id }),
  answers: { 200: shipmentSchema },
  refusals: ['shipment-not-found', 'shipment-cancelled'],
  command: ({ params, now }) =>
    commandCall({
      keys: { shipment: shipment.key(params.id) },
      decide: (states) => ({
        shipment: decide(
          { type: 'DispatchShipment', orderId: params.id, now: now.toISOString() },
          states.shipment,
        ),
      }),
      answer: (states) => ({ status: 200, body: toShipment(params.id, states.shipment) }),
    }),
});

export const api = [getShipments, dispatchShipment];

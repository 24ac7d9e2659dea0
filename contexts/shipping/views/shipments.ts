import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { shipping } from '../contract.ts';
import { shipmentNotFound } from '../errors.ts';
import { type Shipment, shipment } from '../shipment.ts';

const scheduled = shipping.events.ShipmentScheduled.schema;

export const shipmentSchema = scheduled.partial({ customer: true, lines: true, scheduledAt: true }).extend({
  status: z.enum(['scheduled', 'dispatched', 'cancelled']),
  dispatchedAt: z.iso.datetime().optional(),
  cancelledAt: z.iso.datetime().optional(),
});
export const shipmentPageSchema = pageSchema(shipmentSchema);
type ShipmentView = z.output<typeof shipmentSchema>;

/** @throws DomainError shipment-not-found */
export const toShipment = (shipmentId: string, state: Shipment): ShipmentView => {
  if (state.status === 'none') throw shipmentNotFound(shipmentId);
  return state;
};

export type ShipmentsQuery = PageQuery & { readonly order?: string | undefined };

/** Oldest order first. An order's shipment has its id, so `_id` serves both ways of asking. */
export const listShipments = async (db: Db, tenant: string, query: ShipmentsQuery) => {
  const { after = '', order, limit } = query;
  const documents = await shipmentsOf(db)
    .find({
      tenant,
      _id: {
        $gt: `${tenant}/${after}`,
        $lt: `${tenant}0`,
        ...(order !== undefined && { $eq: `${tenant}/${order}` }),
      },
    })
    .sort({ _id: 1 })
    .limit(limit + 1)
    .toArray();
  const shipments = documents.map(({ id, state }) => toShipment(id, state));
  return pageOf(shipments, query, ({ shipmentId }) => shipmentId);
};

const shipmentsOf = (db: Db) => db.collection<AggregateDocument<Shipment>>(shipment.collection);

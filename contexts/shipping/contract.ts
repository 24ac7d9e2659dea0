import { z } from 'zod';
import { publishedLanguage } from '../../kit/event/published-language.ts';

/** A shipment has the id of its order, so that an order has one shipment at most. */
const shipment = z.object({ shipmentId: z.string(), orderId: z.string() });
const line = z.object({ itemId: z.string(), name: z.string(), quantity: z.int().min(1) });

/** What shipping tells others. */
export const shipping = publishedLanguage('shipping', {
  shipment: {
    ShipmentScheduled: shipment.extend({
      customer: z.string(),
      lines: z.array(line),
      scheduledAt: z.iso.datetime(),
    }),
    /** The goods have left; nothing takes that back. */
    ShipmentDispatched: shipment.extend({ dispatchedAt: z.iso.datetime() }),
  },
});

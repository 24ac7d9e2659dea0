import type { z } from 'zod';
import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { shipping } from './contract.ts';

/** That a shipment is cancelled stays inside: it follows from the order's cancellation. */
export type ShipmentEvent =
  | EventOf<typeof shipping, 'shipment'>
  | {
      readonly type: 'ShipmentCancelled';
      readonly data: { shipmentId: string; orderId: string; cancelledAt: string };
    };

export type ShipmentData = z.output<typeof shipping.events.ShipmentScheduled.schema>;

export type Shipment =
  | { readonly status: 'none' }
  | (ShipmentData & { readonly status: 'scheduled' })
  | (ShipmentData & { readonly status: 'dispatched'; readonly dispatchedAt: string })
  | CancelledShipment;
/** Without customer and lines if it was cancelled before it was scheduled. */
export type CancelledShipment = Partial<ShipmentData> & {
  readonly status: 'cancelled';
  readonly shipmentId: string;
  readonly orderId: string;
  readonly cancelledAt: string;
};

const evolve = (state: Shipment, event: ShipmentEvent): Shipment => {
  switch (event.type) {
    case 'ShipmentScheduled':
      return { ...event.data, status: 'scheduled' };
    case 'ShipmentDispatched':
      return state.status === 'scheduled'
        ? { ...state, status: 'dispatched', dispatchedAt: event.data.dispatchedAt }
        : state;
    case 'ShipmentCancelled':
      return { ...state, ...event.data, status: 'cancelled' };
  }
};

export const shipment = aggregate<Shipment, ShipmentEvent>({
  kind: 'shipment',
  collection: 'shipments',
  initialState: () => ({ status: 'none' }),
  evolve,
});

import { shipmentCancelled, shipmentNotFound } from './errors.ts';
import type { Shipment, ShipmentData, ShipmentEvent } from './shipment.ts';

type Base = { readonly orderId: string; readonly now: string };
export type ScheduleShipment = Base &
  Pick<ShipmentData, 'customer' | 'lines'> & { readonly type: 'ScheduleShipment' };
export type CancelShipment = Base & { readonly type: 'CancelShipment' };
export type DispatchShipment = Base & { readonly type: 'DispatchShipment' };
export type ShipmentCommand = ScheduleShipment | CancelShipment | DispatchShipment;

export const decide = (command: ShipmentCommand, state: Shipment): ShipmentEvent[] => {
  switch (command.type) {
    case 'ScheduleShipment':
      return schedule(command, state);
    case 'CancelShipment':
      return cancel(command, state);
    case 'DispatchShipment':
      return dispatch(command, state);
  }
};

const schedule = ({ orderId, customer, lines, now }: ScheduleShipment, state: Shipment): ShipmentEvent[] => {
  if (state.status !== 'none') return [];
  const data = { shipmentId: orderId, orderId, customer, lines, scheduledAt: now };
  return [{ type: 'ShipmentScheduled', data }];
};

/** What has left stays dispatched. One that was never scheduled is cancelled all the same: it must never leave. */
const cancel = ({ orderId, now }: CancelShipment, state: Shipment): ShipmentEvent[] => {
  if (state.status === 'dispatched' || state.status === 'cancelled') return [];
  return [{ type: 'ShipmentCancelled', data: { shipmentId: orderId, orderId, cancelledAt: now } }];
};

const dispatch = ({ orderId, now }: DispatchShipment, state: Shipment): ShipmentEvent[] => {
  if (state.status === 'none') throw shipmentNotFound(orderId);
  if (state.status === 'cancelled') throw shipmentCancelled(orderId);
  if (state.status === 'dispatched') return [];
  return [{ type: 'ShipmentDispatched', data: { shipmentId: orderId, orderId, dispatchedAt: now } }];
};

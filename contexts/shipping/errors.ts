import { DomainError } from '../../kit/aggregate/errors.ts';

/** Cause: no shipment of this id in this tenant, or its order has not arrived yet. Normal. Correct the id or retry. */
export const shipmentNotFound = (shipmentId: string) =>
  new DomainError(
    'shipment-not-found',
    `there is no shipment ${shipmentId}; correct the id, or retry if it is new`,
    {
      shipmentId,
    },
  );

/** Cause: its order was cancelled first. Normal. Keep the goods. */
export const shipmentCancelled = (shipmentId: string) =>
  new DomainError('shipment-cancelled', `shipment ${shipmentId} is cancelled; keep its goods in stock`, {
    shipmentId,
  });

export const statuses = { 'shipment-not-found': 404, 'shipment-cancelled': 409 } as const;

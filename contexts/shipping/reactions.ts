import { reading } from '../../kit/event/published-language.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { ordering } from '../ordering/contract.ts';
import { decide } from './decide.ts';
import { shipment } from './shipment.ts';

const { OrderPlaced, OrderCancelled } = ordering.events;

const onOrderPlaced = reaction(
  reading(OrderPlaced, (order) =>
    order.pick({ orderId: true, customer: true }).extend({
      lines: order.shape.lines.element.pick({ itemId: true, name: true, quantity: true }).array(),
    }),
  ),
  {
    keys: ({ data }) => ({ shipment: shipment.key(data.orderId) }),
    on: ({ data, time }, states) => ({
      shipment: decide({ type: 'ScheduleShipment', ...data, now: time }, states.shipment),
    }),
  },
);

const onOrderCancelled = reaction(
  reading(OrderCancelled, (order) => order.pick({ orderId: true })),
  {
    keys: ({ data }) => ({ shipment: shipment.key(data.orderId) }),
    on: ({ data: { orderId }, time }, states) => ({
      shipment: decide({ type: 'CancelShipment', orderId, now: time }, states.shipment),
    }),
  },
);

export const reactions = [onOrderPlaced, onOrderCancelled];

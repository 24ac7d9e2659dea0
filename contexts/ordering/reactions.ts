import { reading } from '../../kit/event/published-language.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { shipping } from '../shipping/contract.ts';
import { catalogReactions } from './acl/catalog.ts';
import { decide } from './decide.ts';
import { order } from './order.ts';

const onShipmentDispatched = reaction(
  reading(shipping.events.ShipmentDispatched, (shipment) => shipment.pick({ orderId: true })),
  {
    keys: ({ data }) => ({ order: order.key(data.orderId) }),
    on: ({ data: { orderId }, time }, states) => ({
      order: decide({ type: 'ShipOrder', orderId, now: time }, states.order),
    }),
  },
);

export const reactions = [...catalogReactions, onShipmentDispatched];

import { handledFaults } from './check-handled.ts';
import { orderFaults } from './check-order.ts';
import { reservationFaults } from './check-reservation.ts';
import { sequenceFaults } from './check-sequences.ts';
import { shipmentFaults } from './check-shipment.ts';
import { stockFaults } from './check-stock.ts';
import { usageFaults } from './check-usage.ts';
import type { History, Violation } from './history.ts';
import { type Ledger, type OrderLedger, openLedger } from './ledger.ts';

/**
 * Judges a history whose load has ended: nothing that was acknowledged is lost, nothing took effect twice, all
 * in order, and no tenant sees anything of another. An empty list: every promise was kept.
 */
export const judge = (history: History): Violation[] => {
  const ledger = openLedger(history);
  const perOrder = [...ledger.orders.values()].flatMap((one) =>
    one.acknowledged.length === 0 ? [strange(one, ledger)] : faultsOf(one, ledger),
  );
  const { events, handled } = history.effects;
  return [
    ...sequenceFaults(events),
    ...handledFaults(handled),
    ...perOrder,
    ...stockFaults(history, ledger),
    ...usageFaults(history),
  ];
};

const faultsOf = (one: OrderLedger, ledger: Ledger): Violation[] => [
  ...orderFaults(one, ledger),
  ...shipmentFaults(one, ledger),
  ...reservationFaults(one, ledger),
];

/** Every command was repeated under its key until it was answered, so there is no order but those acknowledged. */
const strange = ({ about, orderId, order, events }: OrderLedger, { owners }: Ledger): Violation => {
  const owner = owners.get(orderId);
  if (owner) return { kind: 'cross-tenant', about, what: `belongs to ${[...owner].join(', ')}` };
  const isOrder = order.length > 0 || events.some(({ type }) => type === 'order-placed');
  return isOrder
    ? { kind: 'duplicate', about, what: 'an order that nobody was told of' }
    : { kind: 'unfounded', about, what: 'effects without an order' };
};

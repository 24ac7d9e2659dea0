import { isDeepStrictEqual } from 'node:util';
import type { Violation, WrittenEvent } from './history.ts';
import { eventOf, type Ledger, type OrderLedger } from './ledger.ts';

/** Shipping: one shipment per order, of its goods, changed once by each thing that happened to it. */
export const shipmentFaults = (one: OrderLedger, { events }: Ledger): Violation[] => {
  const { about } = one;
  const [document] = one.shipment;
  const scheduled = eventOf(one, 'shipment-scheduled');
  if (document === undefined) return [{ kind: 'loss', about, what: 'the order has no shipment' }];
  if (scheduled === undefined) return [neverScheduled(one)];
  const faults: Violation[] = [];
  const { status } = document.state;
  const expected = expectedStatus(one);
  if (status !== expected)
    faults.push({ kind: 'loss', about, what: `the shipment is ${status}, not ${expected}` });
  const changes = expected === 'scheduled' ? 1 : 2;
  if (document.version !== changes) {
    const kind = document.version > changes ? 'duplicate' : 'loss';
    faults.push({ kind, about, what: `the shipment changed ${document.version} times, not ${changes}` });
  }
  return [...faults, ...causeFaults(one, scheduled, events), ...contentFaults(one)];
};

const causeFaults = (
  one: OrderLedger,
  { causationid = '' }: WrittenEvent,
  events: Ledger['events'],
): Violation[] => {
  const { about } = one;
  const cause = events.get(causationid);
  if (cause !== undefined && cause.tenant !== one.tenant) {
    return [{ kind: 'cross-tenant', about, what: `its shipment comes from an order in ${cause.tenant}` }];
  }
  if (cause === eventOf(one, 'order-placed')) return [];
  return [{ kind: 'unfounded', about, what: 'its shipment comes from another event than the order' }];
};

const neverScheduled = ({ about, shipment: [document] }: OrderLedger): Violation =>
  document?.state.status === 'cancelled'
    ? { kind: 'swap', about, what: 'the shipment was cancelled before it was scheduled' }
    : { kind: 'loss', about, what: 'the shipment was never announced' };

/** What has left stays so, whatever is cancelled. */
const expectedStatus = (one: OrderLedger) => {
  if (eventOf(one, 'shipment-dispatched')) return 'dispatched';
  return eventOf(one, 'order-cancelled') ? 'cancelled' : 'scheduled';
};

/** Tenants order the same goods under the same names of customers; the names of their goods differ. */
const contentFaults = ({ about, acknowledged: [order], shipment: [document] }: OrderLedger): Violation[] => {
  const state = document?.state;
  if (order === undefined || state === undefined || state.status === 'none') return [];
  const isSame = state.customer === order.customer && isDeepStrictEqual(state.lines, order.lines);
  return isSame
    ? []
    : [{ kind: 'cross-tenant', about, what: 'the shipment is of other goods than the order' }];
};

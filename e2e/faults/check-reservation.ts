import type { Violation } from './history.ts';
import { eventOf, type Ledger, type OrderLedger, refusalOf } from './ledger.ts';

/** Catalog: each order was held or refused exactly once, given back once, and held again once. */
export const reservationFaults = (one: OrderLedger, { events }: Ledger): Violation[] => {
  const { about } = one;
  const [document] = one.reservation;
  if (document === undefined) return [{ kind: 'loss', about, what: 'nothing was decided about its goods' }];
  const faults = refusalFaults(one, events);
  const { changes, status } = expectation(one);
  if (document.state.status !== status) {
    faults.push({ kind: 'loss', about, what: `the reservation is ${document.state.status}, not ${status}` });
  }
  if (document.version !== changes) {
    const kind = document.version > changes ? 'duplicate' : 'loss';
    faults.push({ kind, about, what: `the reservation changed ${document.version} times, not ${changes}` });
  }
  return faults;
};

type Expectation = { readonly changes: number; readonly status: 'reserved' | 'refused' | 'released' };

const expectation = (one: OrderLedger): Expectation => {
  const isHeld = refusalOf(one, eventOf(one, 'order-placed')) === undefined;
  const reinstated = eventOf(one, 'order-reinstated');
  const isReleased = isHeld && eventOf(one, 'order-cancelled') !== undefined;
  const changes = 1 + (isReleased ? 1 : 0) + (reinstated ? 1 : 0);
  if (reinstated) return { changes, status: refusalOf(one, reinstated) ? 'refused' : 'reserved' };
  if (isReleased) return { changes, status: 'released' };
  return { changes, status: isHeld ? 'reserved' : 'refused' };
};

const refusalFaults = (one: OrderLedger, events: Ledger['events']): Violation[] => {
  const { about } = one;
  const refusals = one.events.filter(({ type }) => type === 'reservation-refused');
  const causes = refusals.map(({ causationid = '' }) => causationid);
  if (new Set(causes).size < causes.length)
    return [{ kind: 'duplicate', about, what: 'refused twice for one event' }];
  return causes.flatMap((id): Violation[] => {
    const cause = events.get(id);
    if (cause === undefined) return [{ kind: 'unfounded', about, what: 'refused, but nobody asked' }];
    if (cause.tenant === one.tenant) return [];
    return [{ kind: 'cross-tenant', about, what: `refused for an order in ${cause.tenant}` }];
  });
};

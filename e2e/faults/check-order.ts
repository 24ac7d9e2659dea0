import type { Violation } from './history.ts';
import { eventOf, type Ledger, type OrderLedger, refusalOf } from './ledger.ts';

/** Ordering: what was answered is what is stored, and others' news arrived once. */
export const orderFaults = (one: OrderLedger, ledger: Ledger): Violation[] => {
  const fault = (kind: Violation['kind'], what: string): Violation => ({ kind, about: one.about, what });
  const placed = eventOf(one, 'order-placed');
  const [document] = one.order;
  if (document === undefined || placed === undefined)
    return [fault('loss', 'the acknowledged order is not there')];
  const faults = [...commandFaults(one), ...cancellationFaults(one, ledger)];
  const { status } = document.state;
  const expected = expectedStatus(one);
  if (status !== expected) faults.push(fault('loss', `the order is ${status}, not ${expected}`));
  const changes = changesOf(one);
  if (document.version > changes)
    faults.push(fault('duplicate', `the order changed ${document.version} times, not ${changes}`));
  if (document.version < changes)
    faults.push(fault('loss', `the order changed ${document.version} times, not ${changes}`));
  const isRefused = refusalOf(one, placed) !== undefined;
  if (isRefused && status === 'placed')
    faults.push(fault('loss', 'the order stands though its goods were refused'));
  return faults;
};

const expectedStatus = (one: OrderLedger) => {
  if (eventOf(one, 'shipment-dispatched')) return 'shipped';
  return eventOf(one, 'order-cancelled') ? 'cancelled' : 'placed';
};

/** It is placed, and it changes when it is cancelled and when its shipment leaves. */
const changesOf = (one: OrderLedger) =>
  1 + (eventOf(one, 'order-cancelled') ? 1 : 0) + (eventOf(one, 'shipment-dispatched') ? 1 : 0);

const commandFaults = (one: OrderLedger): Violation[] => {
  const { about, answers } = one;
  const isDispatched = eventOf(one, 'shipment-dispatched') !== undefined;
  const isCancelled = eventOf(one, 'order-cancelled') !== undefined;
  const faults: [boolean, Violation['kind'], string][] = [
    [answers.has('cancel done') && !isCancelled, 'loss', 'the acknowledged cancellation is not there'],
    [answers.has('dispatch done') && !isDispatched, 'loss', 'the acknowledged dispatch is not there'],
    [
      answers.has('cancel refused') && !isDispatched,
      'unfounded',
      'cancelling was refused, but nothing was dispatched',
    ],
    [
      answers.has('dispatch refused') && !isCancelled,
      'unfounded',
      'dispatch was refused, but nothing was cancelled',
    ],
    [isDispatched && !answers.has('dispatch done'), 'unfounded', 'dispatched, but nobody asked'],
  ];
  return faults.flatMap(([isSo, kind, what]) => (isSo ? [{ kind, about, what }] : []));
};

const cancellationFaults = (one: OrderLedger, { events }: Ledger): Violation[] => {
  const { about, answers } = one;
  const cancelled = eventOf(one, 'order-cancelled');
  const reinstated = eventOf(one, 'order-reinstated');
  const dispatched = eventOf(one, 'shipment-dispatched');
  const faults: Violation[] = [];
  if (cancelled && dispatched && !reinstated)
    faults.push({ kind: 'loss', about, what: 'cancelled and dispatched, but not reinstated' });
  if (reinstated && reinstated.causationid !== dispatched?.id) {
    faults.push({ kind: 'unfounded', about, what: 'reinstated without its shipment having left' });
  }
  if (!cancelled || answers.has('cancel done')) return faults;
  const refusal = events.get(cancelled.causationid ?? '');
  if (refusal?.type !== 'reservation-refused' || refusal.subject !== `reservation/${one.orderId}`) {
    faults.push({ kind: 'unfounded', about, what: 'cancelled, but nobody asked and nothing was refused' });
  } else if (refusal.tenant !== one.tenant) {
    faults.push({ kind: 'cross-tenant', about, what: `cancelled by a refusal in ${refusal.tenant}` });
  }
  return faults;
};

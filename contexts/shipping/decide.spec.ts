import { deepEqual, throws } from 'node:assert/strict';
import { decide } from './decide.ts';
import { type Shipment, type ShipmentEvent, shipment } from './shipment.ts';

const now = '2026-01-01T00:00:00.000Z';
const lines = [{ itemId: 'cup', name: 'Cup', quantity: 2 }];
const ids = { shipmentId: 'o1', orderId: 'o1' };

const schedule = { type: 'ScheduleShipment', orderId: 'o1', customer: 'ada', lines, now } as const;
const cancel = { type: 'CancelShipment', orderId: 'o1', now } as const;
const dispatch = { type: 'DispatchShipment', orderId: 'o1', now } as const;

const scheduled: ShipmentEvent = {
  type: 'ShipmentScheduled',
  data: { ...ids, customer: 'ada', lines, scheduledAt: now },
};
const cancelled: ShipmentEvent = { type: 'ShipmentCancelled', data: { ...ids, cancelledAt: now } };
const dispatched: ShipmentEvent = { type: 'ShipmentDispatched', data: { ...ids, dispatchedAt: now } };
const given = (...events: ShipmentEvent[]): Shipment =>
  events.reduce(shipment.evolve, shipment.initialState());

describe('a shipment', () => {
  describe('when there is none', () => {
    it('is scheduled', () => deepEqual(decide(schedule, given()), [scheduled]));
    it('cannot be dispatched', () => throws(() => decide(dispatch, given()), { code: 'shipment-not-found' }));
    it('is recorded as cancelled, so that it never leaves', () =>
      deepEqual(decide(cancel, given()), [cancelled]));
  });

  describe('when scheduled', () => {
    const state = given(scheduled);
    it('is not scheduled again', () => deepEqual(decide(schedule, state), []));
    it('is dispatched', () => deepEqual(decide(dispatch, state), [dispatched]));
    it('is cancelled', () => deepEqual(decide(cancel, state), [cancelled]));
  });

  describe('when dispatched', () => {
    const state = given(scheduled, dispatched);
    it('is not dispatched again', () => deepEqual(decide(dispatch, state), []));
    it('stays dispatched when its order is cancelled', () => deepEqual(decide(cancel, state), []));
  });

  for (const [when, before] of [
    ['cancelled', [scheduled]],
    ['cancelled before it was scheduled', []],
  ] as const) {
    describe(`when ${when}`, () => {
      const state = given(...before, cancelled);
      it('cannot be dispatched', () => throws(() => decide(dispatch, state), { code: 'shipment-cancelled' }));
      it('is not cancelled again', () => deepEqual(decide(cancel, state), []));
      it('is not scheduled again', () => deepEqual(decide(schedule, state), []));
    });
  }
});

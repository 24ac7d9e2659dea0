import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { type Simulated, simulate, type Told } from '../../kit/context/simulate.ts';
import { catalog } from '../catalog/contract.ts';
import { shipping } from '../shipping/contract.ts';
import { ordering } from './context.ts';
import { decide, offer } from './decide.ts';
import { item } from './item.ts';
import { order } from './order.ts';

const orderId = 'o1';
const now = '2026-01-01T00:00:00.000Z';
const unitPrice = { amount: 900, currency: 'EUR' };

const placed = (): Simulated => {
  const context = simulate(ordering);
  const offered = { itemId: 'cup', name: 'Cup', unitPrice, reference: 'ref-cup' };
  context.execute({
    keys: { item: item.key('cup') },
    decide: (states) => ({ item: offer(offered, states.item) }),
  });
  context.execute({
    keys: { order: order.key(orderId), item: item.key('cup') },
    decide: (states) => {
      const lines = [{ itemId: 'cup', quantity: 2, item: states.item }];
      return { order: decide({ type: 'PlaceOrder', orderId, customer: 'ada', lines, now }, states.order) };
    },
  });
  return context;
};

const cancel = (context: Simulated): Told[] =>
  context.execute({
    keys: { order: order.key(orderId) },
    decide: (states) => ({ order: decide({ type: 'CancelOrder', orderId, now }, states.order) }),
  });

const refused: Told = {
  type: catalog.events.ReservationRefused.type,
  subject: `reservation/${orderId}`,
  data: { orderId, reason: 'out-of-stock', short: [{ reference: 'ref-cup', asked: 2, available: 0 }] },
};
const dispatched: Told = {
  type: shipping.events.ShipmentDispatched.type,
  subject: `shipment/${orderId}`,
  data: { shipmentId: orderId, orderId, dispatchedAt: now },
};

type Step = 'cancel' | 'refused' | 'dispatched';
const stepsArbitrary = fc.array(fc.constantFrom<Step>('cancel', 'refused', 'dispatched'), { maxLength: 6 });

const take = (context: Simulated, step: Step): Told[] => {
  if (step === 'refused') return context.receive(refused);
  if (step === 'dispatched') return context.receive(dispatched);
  if (context.stateOf(order.key(orderId)).status !== 'shipped') return cancel(context);
  throws(() => cancel(context), { code: 'order-shipped' });
  return [];
};

const everyOrder = (check: (context: Simulated, told: Told[], steps: Step[]) => void) =>
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const context = placed();
      const told = steps.flatMap((step) => take(context, step));
      check(context, told, steps);
    }),
    { numRuns: 500 },
  );

const types = (told: readonly Told[]) => told.map(({ type }) => type);
const CANCELLED = 'ordering.order-cancelled.v1';
const REINSTATED = 'ordering.order-reinstated.v1';

describe('cancellations, refusals and dispatches in any order', () => {
  it('leave an order shipped exactly if its goods have left', () => {
    everyOrder((context, _, steps) => {
      const { status } = context.stateOf(order.key(orderId));
      equal(status === 'shipped', steps.includes('dispatched'));
      if (steps.length > 0) ok(status !== 'placed');
    });
  });

  it('tell others of a cancellation at most once, and of a reinstatement only after it', () => {
    everyOrder((_, told) => {
      const allowed = [[], [CANCELLED], [CANCELLED, REINSTATED]];
      ok(
        allowed.some((story) => JSON.stringify(story) === JSON.stringify(types(told))),
        String(types(told)),
      );
    });
  });

  it('take back what they told exactly if the order is shipped after all', () => {
    everyOrder((context, told) => {
      const isTakenBack = types(told).includes(CANCELLED) === types(told).includes(REINSTATED);
      equal(isTakenBack, context.stateOf(order.key(orderId)).status !== 'cancelled');
    });
  });

  it('tell the lines each time, as whoever holds the goods needs them', () => {
    everyOrder((_, told) => {
      for (const { data } of told) {
        deepEqual((data as { lines: unknown }).lines, [{ reference: 'ref-cup', quantity: 2 }]);
      }
    });
  });
});

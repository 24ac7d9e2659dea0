import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type Simulated, simulate, type Told } from '../../kit/context/simulate.ts';
import { ordering } from '../ordering/contract.ts';
import { shipping } from './context.ts';
import { decide } from './decide.ts';
import { shipment } from './shipment.ts';

const orderId = 'o1';
const now = '2026-01-01T00:00:00.000Z';
const unitPrice = { amount: 900, currency: 'EUR' };
const line = { itemId: 'cup', name: 'Cup', reference: 'ref-cup', unitPrice, quantity: 2 };
const subject = `order/${orderId}`;
const { OrderPlaced, OrderCancelled } = ordering.events;

const placed: Told = {
  type: OrderPlaced.type,
  subject,
  data: { orderId, customer: 'ada', lines: [line], total: unitPrice, placedAt: now },
};
const cancelled: Told = {
  type: OrderCancelled.type,
  subject,
  data: { orderId, reason: 'r', lines: [{ reference: 'ref-cup', quantity: 2 }], cancelledAt: now },
};

type Step = 'placed' | 'cancelled' | 'dispatch';
type Outcome = { told: Told[]; refusedWith?: string };

const take = (context: Simulated, step: Step): Outcome => {
  if (step === 'placed') return { told: context.receive(placed) };
  if (step === 'cancelled') return { told: context.receive(cancelled) };
  try {
    const told = context.execute({
      keys: { shipment: shipment.key(orderId) },
      decide: (states) => ({ shipment: decide({ type: 'DispatchShipment', orderId, now }, states.shipment) }),
    });
    return { told };
  } catch (error) {
    return { told: [], refusedWith: (error as { code: string }).code };
  }
};

/** Even orders that the relay rules out: a cancellation that comes first must not let the goods leave. */
const stepsArbitrary = fc.array(fc.constantFrom<Step>('placed', 'cancelled', 'dispatch'), { maxLength: 7 });

const everyOrder = (check: (context: Simulated, outcomes: Outcome[], steps: Step[]) => void) =>
  fc.assert(
    fc.property(stepsArbitrary, (steps) => {
      const context = simulate(shipping);
      const outcomes = steps.map((step) => take(context, step));
      check(context, outcomes, steps);
    }),
    { numRuns: 500 },
  );

const typesOf = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap(({ told }) => told.map(({ type }) => type));

describe('orders, cancellations and dispatches in any order', () => {
  it('schedule once and dispatch once at most, never the other way round', () => {
    everyOrder((_, outcomes) => {
      const story = typesOf(outcomes);
      deepEqual(
        story,
        ['shipping.shipment-scheduled.v1', 'shipping.shipment-dispatched.v1'].slice(0, story.length),
      );
    });
  });

  it('end as whichever of dispatch and cancellation came first', () => {
    everyOrder((context, outcomes) => {
      const { status } = context.stateOf(shipment.key(orderId));
      equal(status === 'dispatched', typesOf(outcomes).includes('shipping.shipment-dispatched.v1'));
    });
  });

  it('refuse every dispatch after the cancellation that won', () => {
    everyOrder((context, outcomes, steps) => {
      if (context.stateOf(shipment.key(orderId)).status !== 'cancelled') return;
      const cancelledAt = steps.indexOf('cancelled');
      for (const [at, step] of steps.entries()) {
        if (step !== 'dispatch') continue;
        equal(outcomes[at]?.refusedWith, at > cancelledAt ? 'shipment-cancelled' : 'shipment-not-found');
      }
    });
  });

  it('keep what is to be sent to whom', () => {
    everyOrder((context, outcomes) => {
      const state = context.stateOf(shipment.key(orderId));
      if (!typesOf(outcomes).includes('shipping.shipment-scheduled.v1')) return;
      ok(state.status !== 'none');
      deepEqual(state.lines, [{ itemId: 'cup', name: 'Cup', quantity: 2 }]);
    });
  });
});

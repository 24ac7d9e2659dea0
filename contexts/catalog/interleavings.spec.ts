import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { type Simulated, simulate } from '../../kit/context/simulate.ts';
import { ordering } from '../ordering/contract.ts';
import { catalog } from './context.ts';
import { decide } from './decide.ts';
import { product } from './product.ts';
import { reservation } from './reservation.ts';

const SKUS = ['cup', 'pan'] as const;
const ORDERS = ['o1', 'o2', 'o3'] as const;
const { OrderPlaced, OrderCancelled, OrderReinstated } = ordering.events;

type Line = { reference: string; quantity: number };
type Order = { orderId: string; lines: Line[] };
type Step = { does: 'next'; order: number } | { does: 'put'; sku: (typeof SKUS)[number]; quantity: number };

const lineArbitrary = fc.record({
  reference: fc.constantFrom(...SKUS, 'unknown'),
  quantity: fc.integer({ min: 1, max: 4 }),
});
const ordersArbitrary = fc.tuple(
  ...ORDERS.map(() => fc.array(lineArbitrary, { minLength: 1, maxLength: 3 })),
);
const stepsArbitrary = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('next' as const), order: fc.nat(ORDERS.length - 1) }),
    fc.record({ does: fc.constant('put' as const), sku: fc.constantFrom(...SKUS), quantity: fc.nat(8) }),
  ),
  { maxLength: 25 },
);

const put = (context: Simulated, sku: string, availableQuantity: number) => {
  const wanted = { sku, name: sku, price: { amount: 1, currency: 'EUR' }, availableQuantity };
  context.execute({
    keys: { product: product.key(sku) },
    decide: (states) => ({ product: decide({ type: 'PutProduct', product: wanted }, states.product) }),
  });
};

const money = { amount: 1, currency: 'EUR' };
const at = '2026-01-01T00:00:00Z';
/** All that ordering can say about one order, in the order in which it says it. */
const storyOf = ({ orderId, lines }: Order) => {
  const subject = `order/${orderId}`;
  const full = lines.map((line) => ({ ...line, itemId: line.reference, name: 'x', unitPrice: money }));
  return [
    {
      type: OrderPlaced.type,
      subject,
      data: { orderId, customer: 'c', lines: full, total: money, placedAt: at },
    },
    { type: OrderCancelled.type, subject, data: { orderId, reason: 'r', lines, cancelledAt: at } },
    { type: OrderReinstated.type, subject, data: { orderId, lines, reinstatedAt: at } },
  ];
};

const availableOf = (context: Simulated, sku: string) => {
  const state = context.stateOf(product.key(sku));
  return state.status === 'listed' ? state.availableQuantity : 0;
};
const heldOf = (context: Simulated, sku: string) =>
  ORDERS.map((orderId) => context.stateOf(reservation.key(orderId)))
    .flatMap((state) => (state.status === 'reserved' ? state.lines : []))
    .reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);

const run = (
  orders: readonly Line[][],
  steps: readonly Step[],
  check: (context: Simulated, onHand: Map<string, number>) => void,
) => {
  const context = simulate(catalog);
  const stories = orders.map((lines, index) => storyOf({ orderId: ORDERS[index] ?? '', lines }));
  const onHand = new Map<string, number>();
  for (const step of steps) {
    if (step.does === 'put') {
      put(context, step.sku, step.quantity);
      onHand.set(step.sku, step.quantity + heldOf(context, step.sku));
    } else {
      const event = stories[step.order]?.shift();
      if (event) context.receive(event);
    }
    check(context, onHand);
  }
  return context;
};

describe('orders, cancellations, reinstatements and restocks in any order', () => {
  it('never take stock below zero', () => {
    fc.assert(
      fc.property(ordersArbitrary, stepsArbitrary, (orders, steps) => {
        run(orders, steps, (context) => {
          for (const sku of SKUS) ok(availableOf(context, sku) >= 0);
        });
      }),
    );
  });

  it('conserve what is available and held, save for restocks', () => {
    fc.assert(
      fc.property(ordersArbitrary, stepsArbitrary, (orders, steps) => {
        run(orders, steps, (context, onHand) => {
          for (const sku of SKUS)
            equal(availableOf(context, sku) + heldOf(context, sku), onHand.get(sku) ?? 0);
        });
      }),
    );
  });

  it('hold all lines of an order or none', () => {
    fc.assert(
      fc.property(ordersArbitrary, stepsArbitrary, (orders, steps) => {
        const context = run(orders, steps, () => undefined);
        for (const [index, orderId] of ORDERS.entries()) {
          const state = context.stateOf(reservation.key(orderId));
          if (state.status !== 'reserved') continue;
          const asked = Map.groupBy(orders[index] ?? [], ({ reference }) => reference);
          const sums = [...asked].map(([sku, lines]) => ({
            sku,
            quantity: lines.reduce((sum, one) => sum + one.quantity, 0),
          }));
          deepEqual(state.lines, sums);
        }
      }),
    );
  });
});

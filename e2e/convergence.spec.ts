import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { catalog } from '../contexts/catalog/context.ts';
import { decide as decideProduct } from '../contexts/catalog/decide.ts';
import { product } from '../contexts/catalog/product.ts';
import { reservation } from '../contexts/catalog/reservation.ts';
import { ordering } from '../contexts/ordering/context.ts';
import { decide as decideOrder } from '../contexts/ordering/decide.ts';
import { item } from '../contexts/ordering/item.ts';
import { order } from '../contexts/ordering/order.ts';
import { shipping } from '../contexts/shipping/context.ts';
import { decide as decideShipment } from '../contexts/shipping/decide.ts';
import { shipment } from '../contexts/shipping/shipment.ts';
import { DomainError } from '../kit/aggregate/errors.ts';
import type { BoundedContext } from '../kit/context/context.ts';
import { type Simulated, simulate, type Told } from '../kit/context/simulate.ts';

const ORDERS = ['o1', 'o2', 'o3'];
const STOCK = 4;
const now = '2026-01-01T00:00:00.000Z';

/** Three contexts and, per consumer and subject, the events on their way: the only order there is. */
const landscape = () => {
  const contexts = [catalog, ordering, shipping].map((context) => ({
    context,
    simulated: simulate(context),
  }));
  const onTheirWay = new Map<string, { to: Simulated; events: Told[] }>();
  const send = (events: readonly Told[]) => {
    for (const event of events) {
      for (const { context, simulated } of contexts.filter((one) => consumes(one.context, event))) {
        const name = `${context.name} ${event.subject}`;
        const queue = onTheirWay.get(name) ?? { to: simulated, events: [] };
        onTheirWay.set(name, { ...queue, events: [...queue.events, event] });
      }
    }
  };
  const deliver = (name: string) => {
    const queue = onTheirWay.get(name);
    const [event, ...later] = queue?.events ?? [];
    if (queue === undefined || event === undefined) return;
    if (later.length > 0) onTheirWay.set(name, { ...queue, events: later });
    else onTheirWay.delete(name);
    send(queue.to.receive(event));
  };
  const [inCatalog, inOrdering, inShipping] = contexts.map(({ simulated }) => simulated) as [
    Simulated,
    Simulated,
    Simulated,
  ];
  return { inCatalog, inOrdering, inShipping, send, deliver, waiting: () => [...onTheirWay.keys()] };
};
type Landscape = ReturnType<typeof landscape>;

const consumes = ({ reactions }: BoundedContext, { type }: Told) =>
  reactions.some(({ to }) => to.type === type);

/** A rule that says no is an ordinary outcome of a command here. */
const unlessRefused = (act: () => Told[]): Told[] => {
  try {
    return act();
  } catch (error) {
    ok(error instanceof DomainError);
    return [];
  }
};

const commands = {
  stock: ({ inCatalog, send }: Landscape, availableQuantity: number) => {
    const cup = { sku: 'cup', name: 'Cup', price: { amount: 1, currency: 'EUR' }, availableQuantity };
    const call = {
      keys: { product: product.key('cup') },
      decide: (states: { product: ReturnType<typeof product.initialState> }) => ({
        product: decideProduct({ type: 'PutProduct', product: cup }, states.product),
      }),
    };
    send(inCatalog.execute(call));
  },
  place: ({ inOrdering, send }: Landscape, orderId: string, quantity: number) =>
    send(
      unlessRefused(() =>
        inOrdering.execute({
          keys: { order: order.key(orderId), item: item.key('cup') },
          decide: (states) => {
            const lines = [{ itemId: 'cup', quantity, item: states.item }];
            return {
              order: decideOrder({ type: 'PlaceOrder', orderId, customer: 'ada', lines, now }, states.order),
            };
          },
        }),
      ),
    ),
  cancel: ({ inOrdering, send }: Landscape, orderId: string) =>
    send(
      unlessRefused(() =>
        inOrdering.execute({
          keys: { order: order.key(orderId) },
          decide: (states) => ({ order: decideOrder({ type: 'CancelOrder', orderId, now }, states.order) }),
        }),
      ),
    ),
  dispatch: ({ inShipping, send }: Landscape, orderId: string) =>
    send(
      unlessRefused(() =>
        inShipping.execute({
          keys: { shipment: shipment.key(orderId) },
          decide: (states) => ({
            shipment: decideShipment({ type: 'DispatchShipment', orderId, now }, states.shipment),
          }),
        }),
      ),
    ),
};

/** What happens next: a command, or the delivery of one of the events that could come next. */
const stepArbitrary = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('deliver' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('place' as const),
      which: fc.nat(2),
      quantity: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), which: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('dispatch' as const), which: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('stock' as const), which: fc.nat(STOCK) }) },
);
type Step = { does: 'deliver' | 'place' | 'cancel' | 'dispatch' | 'stock'; which: number; quantity?: number };

const take = (world: Landscape, { does, which, quantity = 1 }: Step) => {
  const orderId = ORDERS[which] ?? '';
  if (does === 'stock') commands.stock(world, which);
  if (does === 'place') commands.place(world, orderId, quantity);
  if (does === 'cancel') commands.cancel(world, orderId);
  if (does === 'dispatch') commands.dispatch(world, orderId);
  if (does === 'deliver') world.deliver(world.waiting()[which % Math.max(1, world.waiting().length)] ?? '');
};

/** All that is on its way arrives, in an order of its own. */
const settle = (world: Landscape, order: readonly number[]) => {
  for (let at = 0; world.waiting().length > 0; at += 1) {
    ok(at < 1_000, 'the contexts answer each other for ever');
    const waiting = world.waiting();
    world.deliver(waiting[(order[at % order.length] ?? 0) % waiting.length] ?? '');
  }
};

const endOf = ({ inCatalog, inOrdering, inShipping }: Landscape, orderId: string) =>
  [
    inOrdering.stateOf(order.key(orderId)).status,
    inCatalog.stateOf(reservation.key(orderId)).status,
    inShipping.stateOf(shipment.key(orderId)).status,
  ].join(', ');

/** order, reservation, shipment. A shipped order may lack stock: what has left cannot be refused any more. */
const ENDS = [
  'none, none, none',
  'placed, reserved, scheduled',
  'cancelled, released, cancelled',
  'cancelled, refused, cancelled',
  'shipped, reserved, dispatched',
  'shipped, refused, dispatched',
];

const settled = (steps: readonly Step[], order: readonly number[]) => {
  const world = landscape();
  commands.stock(world, STOCK);
  settle(world, order);
  for (const step of steps) take(world, step);
  settle(world, order);
  return world;
};

const orderOfDelivery = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });
const everyOrder = (check: (world: Landscape) => void, options = {}) =>
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 40 }), orderOfDelivery, (steps, order) => {
      check(settled(steps, order));
    }),
    { numRuns: 1_000, ...options },
  );

describe('catalog, ordering and shipping, whatever order events arrive in', () => {
  it('come to agree about every order', () => {
    everyOrder((world) => {
      for (const orderId of ORDERS)
        ok(ENDS.includes(endOf(world, orderId)), `${orderId}: ${endOf(world, orderId)}`);
    });
  });

  it('never sell what is not there', () => {
    everyOrder(({ inCatalog }) => {
      const cup = inCatalog.stateOf(product.key('cup'));
      ok(cup.status === 'listed' && cup.availableQuantity >= 0);
    });
  });

  it('reach every end that they may reach', () => {
    const ends = new Set<string>();
    everyOrder(
      (world) => {
        for (const orderId of ORDERS) ends.add(endOf(world, orderId));
      },
      { seed: 1 },
    );
    deepEqual([...ends].sort(), [...ENDS].sort());
    equal(ends.size, ENDS.length);
  });
});

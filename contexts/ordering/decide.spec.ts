import { deepEqual, throws } from 'node:assert/strict';
import { type AskedLine, decide, offer, type PlaceOrder, reprice } from './decide.ts';
import { type ItemData, item } from './item.ts';
import { type Order, type OrderEvent, order } from './order.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const anItem = (overrides: Partial<ItemData> = {}): ItemData => ({
  itemId: 'cup',
  name: 'Cup',
  unitPrice: { amount: 900, currency: 'EUR' },
  reference: 'ref-cup',
  ...overrides,
});
const asked = (quantity: number, overrides: Partial<ItemData> = {}): AskedLine => {
  const data = anItem(overrides);
  return { itemId: data.itemId, quantity, item: { status: 'offered', ...data } };
};
const aWish = (...lines: AskedLine[]): PlaceOrder => {
  return { type: 'PlaceOrder', orderId: 'o1', customer: 'ada', lines, now: NOW };
};

const base = { orderId: 'o1', now: NOW };
const given = (...events: OrderEvent[]): Order => events.reduce(order.evolve, order.initialState());
const placed = decide(aWish(asked(2)), given());
const held = [{ reference: 'ref-cup', quantity: 2 }];
const cancelled = (reason: string): OrderEvent => {
  return { type: 'OrderCancelled', data: { orderId: 'o1', reason, lines: held, cancelledAt: NOW } };
};
const shipped: OrderEvent = { type: 'OrderShipped', data: { orderId: 'o1', shippedAt: NOW } };
const reinstated: OrderEvent = {
  type: 'OrderReinstated',
  data: { orderId: 'o1', lines: held, reinstatedAt: NOW },
};

describe('placing an order', () => {
  it('prices each line and the whole', () => {
    const { itemId, name, reference, unitPrice } = anItem();
    const lines = [{ itemId, name, reference, unitPrice, quantity: 2 }];
    const data = {
      orderId: 'o1',
      customer: 'ada',
      lines,
      total: { amount: 1800, currency: 'EUR' },
      placedAt: NOW,
    };
    deepEqual(placed, [{ type: 'OrderPlaced', data }]);
  });
  it('refuses an item that nobody offers, by name', () => {
    const wish = aWish({ itemId: 'ghost', quantity: 1, item: item.initialState() });
    throws(() => decide(wish, given()), { code: 'unknown-item', detail: { itemId: 'ghost' } });
  });
  it('refuses items of different currencies', () => {
    const wish = aWish(asked(1), asked(1, { itemId: 'pan', unitPrice: { amount: 1, currency: 'USD' } }));
    throws(() => decide(wish, given()), { code: 'mixed-currencies' });
  });
  it('refuses a total that a number cannot hold exactly', () => {
    const unitPrice = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' };
    throws(() => decide(aWish(asked(2, { unitPrice })), given()), { code: 'total-too-large' });
  });
  it('says nothing about an order that is placed already', () => {
    deepEqual(decide(aWish(asked(2)), given(...placed)), []);
  });
});

describe('an order', () => {
  const cancel = { type: 'CancelOrder', ...base } as const;
  const refuse = { type: 'RefuseOrder', reason: 'out-of-stock', ...base } as const;
  const ship = { type: 'ShipOrder', ...base } as const;

  describe('when there is none', () => {
    it('cannot be cancelled', () => throws(() => decide(cancel, given()), { code: 'order-not-found' }));
    it('ignores a refusal', () => deepEqual(decide(refuse, given()), []));
    it('ignores a dispatch', () => deepEqual(decide(ship, given()), []));
  });

  describe('when placed', () => {
    const state = given(...placed);
    it('is cancelled by its customer', () =>
      deepEqual(decide(cancel, state), [cancelled('cancelled-by-customer')]));
    it('is cancelled with the reason when its goods are refused', () =>
      deepEqual(decide(refuse, state), [cancelled('out-of-stock')]));
    it('is shipped when its shipment is dispatched', () => deepEqual(decide(ship, state), [shipped]));
  });

  describe('when cancelled', () => {
    const state = given(...placed, cancelled('out-of-stock'));
    it('stays so when cancelled again', () => deepEqual(decide(cancel, state), []));
    it('ignores a refusal', () => deepEqual(decide(refuse, state), []));
    it('is reinstated when its shipment is dispatched', () => deepEqual(decide(ship, state), [reinstated]));
  });

  for (const [when, last] of [
    ['shipped', [shipped]],
    ['reinstated', [cancelled('x'), reinstated]],
  ] as const) {
    describe(`when ${when}`, () => {
      const state = given(...placed, ...last);
      it('cannot be cancelled', () => throws(() => decide(cancel, state), { code: 'order-shipped' }));
      it('ignores a refusal', () => deepEqual(decide(refuse, state), []));
      it('ignores another dispatch', () => deepEqual(decide(ship, state), []));
    });
  }
});

describe('an item', () => {
  const offered = { status: 'offered', ...anItem() } as const;
  it('is offered with all its data', () =>
    deepEqual(offer(anItem(), item.initialState()), [{ type: 'ItemOffered', data: anItem() }]));
  it('says nothing when offered the same again', () => deepEqual(offer(anItem(), offered), []));
  it('gets its new price', () => {
    const unitPrice = { amount: 1, currency: 'EUR' };
    const events = reprice('cup', unitPrice, offered);
    deepEqual(events.reduce(item.evolve, offered), { ...offered, unitPrice });
  });
  it('has no price while nobody offers it', () =>
    deepEqual(reprice('cup', { amount: 1, currency: 'EUR' }, item.initialState()), []));
});

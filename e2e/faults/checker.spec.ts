import { deepEqual, ok } from 'node:assert/strict';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { judge } from './checker.ts';
import type {
  AcknowledgedOrder,
  Effects,
  History,
  LedgerEntry,
  RequestsOfTenant,
  ViolationKind,
  WrittenEvent,
} from './history.ts';

const AT = '2026-01-01T00:00:00.000Z';
const STOCK = 10;

type Lists<T> = {
  -readonly [Name in keyof T]: T[Name] extends readonly (infer One)[] ? One[] : Lists<T[Name]>;
};
type Draft = Lists<Effects>;
type Said = Pick<WrittenEvent, 'context' | 'tenant' | 'subject' | 'type'> & Partial<WrittenEvent>;
type Story = {
  tenant: string;
  orderId: string;
  does?: readonly ('dispatched' | 'cancelled')[];
  refused?: boolean;
};

/** A small world in which everything went well; a spec then breaks one thing in `effects`. */
const aHistory = (stories: readonly Story[] = STORIES) => {
  const effects: Draft = {
    orders: [],
    shipments: [],
    reservations: [],
    products: [],
    events: [],
    handled: [],
    usage: { waiting: [], entries: [], balances: [], consumed: [] },
  };
  const orders: AcknowledgedOrder[] = [];
  const commands: History['promised']['commands'][number][] = [];
  const products = ['acme', 'globex'].map((tenant) => ({ tenant, sku: 'cup', quantity: STOCK }));
  const left = new Map(products.map(({ tenant }) => [tenant, STOCK]));
  const sequences = new Map<string, number>();

  const say = (event: Said) => {
    const name = `${event.context}/${event.tenant}/${event.subject}`;
    const sequence = (sequences.get(name) ?? 0) + 1;
    sequences.set(name, sequence);
    const written = { id: `${name}/${sequence}`, sequence, data: {}, ...event };
    effects.events.push(written);
    return written;
  };
  const move = (tenant: string, by: number, cause: WrittenEvent) => {
    const availableQuantity = (left.get(tenant) ?? 0) + by;
    left.set(tenant, availableQuantity);
    const data = { availableQuantity };
    say({
      context: 'catalog',
      tenant,
      subject: 'product/cup',
      type: 'stock-changed',
      causationid: cause.id,
      data,
    });
  };
  for (const { tenant } of products)
    say({ context: 'catalog', tenant, subject: 'product/cup', type: 'product-listed' });
  for (const { tenant, orderId, does = [], refused = false } of stories) {
    const lines = [{ itemId: 'cup', name: `Cup of ${tenant}`, quantity: 2 }];
    orders.push({ tenant, orderId, customer: 'ada', lines });
    const order = (type: string, cause?: WrittenEvent) =>
      say({ context: 'ordering', tenant, subject: `order/${orderId}`, type, causationid: cause?.id });
    const shipment = (type: string, cause?: WrittenEvent) =>
      say({ context: 'shipping', tenant, subject: `shipment/${orderId}`, type, causationid: cause?.id });

    const placed = order('order-placed');
    shipment('shipment-scheduled', placed);
    let reserved = 1;
    if (refused) {
      const subject = `reservation/${orderId}`;
      const refusal = say({
        context: 'catalog',
        tenant,
        subject,
        type: 'reservation-refused',
        causationid: placed.id,
      });
      order('order-cancelled', refusal);
    } else move(tenant, -2, placed);
    const isDispatched = does.includes('dispatched');
    const isCancelled = does.includes('cancelled');
    const dispatched = isDispatched ? shipment('shipment-dispatched') : undefined;
    if (isCancelled) {
      move(tenant, 2, order('order-cancelled'));
      reserved += 1;
    }
    if (isCancelled && dispatched) {
      move(tenant, -2, order('order-reinstated', dispatched));
      reserved += 1;
    }
    for (const one of does) {
      commands.push({ type: one === 'dispatched' ? 'dispatch' : 'cancel', tenant, orderId, outcome: 'done' });
    }
    const off = isCancelled || refused ? 'cancelled' : undefined;
    const changes = 1 + (off ? 1 : 0) + (isDispatched ? 1 : 0);
    const document = { _id: `${tenant}/${orderId}`, tenant, id: orderId, sequence: 1 };
    const as = <State>(state: unknown, version: number) =>
      ({ ...document, version, state }) as AggregateDocument<State>;
    effects.orders.push(as({ status: isDispatched ? 'shipped' : (off ?? 'placed') }, changes));
    const goods = { customer: 'ada', lines, scheduledAt: AT };
    const status = isDispatched ? 'dispatched' : (off ?? 'scheduled');
    effects.shipments.push(as({ ...goods, status }, status === 'scheduled' ? 1 : 2));
    const held = isCancelled && !isDispatched ? 'released' : 'reserved';
    effects.reservations.push(as({ status: refused ? 'refused' : held }, reserved));
  }
  for (const { tenant, sku } of products) {
    const state = { status: 'listed', availableQuantity: left.get(tenant) };
    const document = { _id: `${tenant}/${sku}`, tenant, id: sku, sequence: 1, version: 1, state };
    effects.products.push(document as Effects['products'][number]);
  }
  const requests = products.map(({ tenant }) => useAndPay(effects, say, tenant));
  return { promised: { products, orders, commands, requests }, effects };
};

const UNIT_PRICE = 3;

/** Two windows, each of them charged after a top-up. Of seven requests six were answered, and one of those counted that was not. */
const useAndPay = (effects: Draft, say: (event: Said) => WrittenEvent, tenant: string): RequestsOfTenant => {
  const { entries, balances, consumed } = effects.usage;
  let balance = 0;
  const enter = (entry: Pick<LedgerEntry, 'cause' | 'amount'> & Partial<LedgerEntry>) => {
    balance += entry.amount;
    const number = entries.filter((one) => one.tenant === tenant).length + 1;
    entries.push({ tenant, entryId: String(number), balance, at: AT, ...entry });
  };
  enter({ cause: 'top-up/1', amount: 100 });
  for (const units of [4, 2]) {
    const windowId = `${tenant}-${units}`;
    const data = { windowId, meter: 'requests', units, from: AT };
    say({ context: 'cloud', tenant, subject: 'usage/2026-01-01', type: 'usage-recorded', data });
    const charged = {
      period: '2026-01',
      month: '2026-01',
      plan: 'p',
      meter: 'requests',
      units,
      unitPrice: UNIT_PRICE,
    };
    enter({ cause: `window/${windowId}`, amount: -units * UNIT_PRICE, for: charged });
  }
  balances.push({ tenant, amount: balance });
  consumed.push({ tenant, day: '2026-01-01', meter: 'requests', units: 6 });
  return { tenant, sent: 7, answered: 5 };
};

const STORIES: readonly Story[] = [
  { tenant: 'acme', orderId: 'plain' },
  { tenant: 'acme', orderId: 'cancelled', does: ['cancelled'] },
  { tenant: 'acme', orderId: 'sent', does: ['dispatched'] },
  { tenant: 'globex', orderId: 'contested', does: ['dispatched', 'cancelled'] },
  { tenant: 'globex', orderId: 'refused', refused: true },
  { tenant: 'globex', orderId: 'other' },
];

type History1 = ReturnType<typeof aHistory>;

/** Takes one out of a list, and says so when it was not there. */
const takeOut = <T>(list: T[], which: (one: T) => boolean): T => {
  const [found] = list.splice(list.findIndex(which), 1);
  ok(found !== undefined && which(found));
  return found;
};
const edit = <T>(list: T[], which: (one: T) => boolean, change: (one: T) => T) =>
  list.push(change(takeOut(list, which)));
const named =
  (type: string, id: string) =>
  (event: WrittenEvent): boolean =>
    event.type === type && event.subject.endsWith(`/${id}`);
const of = (id: string) => (document: { id: string }) => document.id === id;

const changed = (plant: (history: History1) => void): ViolationKind[] => {
  const history = aHistory();
  plant(history);
  return [...new Set(judge(history).map(({ kind }) => kind))].sort();
};

describe('judge', () => {
  it('finds nothing in a history where every promise was kept', () => deepEqual(judge(aHistory()), []));

  describe('when something is lost', () => {
    const lost = (what: string, plant: (history: History1) => void) =>
      it(`misses ${what}`, () => ok(changed(plant).includes('loss')));

    lost('an acknowledged order', ({ effects }) => {
      takeOut(effects.orders, of('plain'));
      takeOut(effects.events, named('order-placed', 'plain'));
    });
    lost('a shipment', ({ effects }) => {
      takeOut(effects.shipments, of('plain'));
      takeOut(effects.events, named('shipment-scheduled', 'plain'));
    });
    lost('the cancellation of a shipment', ({ effects }) =>
      edit(effects.shipments, of('cancelled'), (one) => ({
        ...one,
        version: 1,
        state: { ...one.state, status: 'scheduled' } as typeof one.state,
      })),
    );
    lost('what an order took from the stock', ({ effects }) =>
      takeOut(
        effects.events,
        ({ type, causationid }) => type === 'stock-changed' && /plain/.test(causationid ?? ''),
      ),
    );
    lost('the decision about its goods', ({ effects }) => takeOut(effects.reservations, of('plain')));
    lost('a dispatch that ordering never heard of', ({ effects }) =>
      edit(effects.orders, of('sent'), (one) => ({
        ...one,
        version: 1,
        state: { ...one.state, status: 'placed' } as typeof one.state,
      })),
    );
    lost('an event between two sequences', ({ effects }) =>
      edit(effects.events, named('order-cancelled', 'cancelled'), (event) => ({ ...event, sequence: 3 })),
    );
    lost('a reinstatement', ({ effects }) => takeOut(effects.events, named('order-reinstated', 'contested')));
  });

  describe('when something took effect twice', () => {
    const twice = (what: string, plant: (history: History1) => void) =>
      it(`sees ${what}`, () => ok(changed(plant).includes('duplicate')));

    twice('a shipment that was scheduled twice', ({ effects }) => {
      const scheduled = effects.events.find(named('shipment-scheduled', 'plain'));
      if (scheduled) effects.events.push({ ...scheduled, id: 'again', sequence: 2 });
    });
    twice('stock that was taken twice', ({ effects }) => {
      const step = effects.events.findLast(
        ({ type, tenant }) => type === 'stock-changed' && tenant === 'acme',
      );
      const data = { availableQuantity: 4 };
      if (step) effects.events.push({ ...step, id: 'again', sequence: step.sequence + 1, data });
    });
    twice('a document that changed too often', ({ effects }) =>
      edit(effects.shipments, of('plain'), (one) => ({ ...one, version: 2 })),
    );
    twice('an order that nobody was told of', (history) =>
      takeOut(history.promised.orders, ({ orderId }) => orderId === 'plain'),
    );
    twice('an event that was handled in two batches', ({ effects }) => {
      effects.handled.push(
        { context: 'shipping', events: ['1', '2'] },
        { context: 'shipping', events: ['2'] },
      );
    });
    twice('a sequence', ({ effects }) => {
      const placed = effects.events.find(named('order-placed', 'plain'));
      if (placed) effects.events.push({ ...placed, id: 'again' });
    });
  });

  describe('when effects are in the wrong order', () => {
    it('sees a shipment that was cancelled before it was scheduled', () =>
      deepEqual(
        changed(({ effects }) => {
          takeOut(effects.events, named('shipment-scheduled', 'cancelled'));
        }),
        ['swap'],
      ));
    it('sees stock that was given back before it was taken', () =>
      ok(
        changed(({ effects }) => {
          const steps = effects.events.filter(
            ({ type, causationid }) => type === 'stock-changed' && /order\/cancelled/.test(causationid ?? ''),
          );
          const causes = steps.map(({ causationid }) => causationid).reverse();
          for (const [index, step] of steps.entries()) {
            edit(
              effects.events,
              (one) => one === step,
              (one) => ({ ...one, causationid: causes[index] }),
            );
          }
        }).includes('swap'),
      ));
    it("sees an order's events swapped", () =>
      ok(
        changed(({ effects }) => {
          edit(effects.events, named('order-placed', 'cancelled'), (one) => ({ ...one, sequence: 2 }));
          edit(effects.events, named('order-cancelled', 'cancelled'), (one) => ({ ...one, sequence: 1 }));
        }).includes('swap'),
      ));
  });

  describe('when a tenant sees something of another', () => {
    const crossing = (what: string, plant: (history: History1) => void) =>
      it(`sees ${what}`, () => ok(changed(plant).includes('cross-tenant')));

    crossing("another's order", ({ effects }) => {
      const found = effects.orders.find(of('plain'));
      if (found) effects.orders.push({ ...found, _id: 'globex/plain', tenant: 'globex' });
    });
    crossing("a shipment that another's order caused", ({ effects }) =>
      edit(effects.events, named('shipment-scheduled', 'plain'), (one) => ({
        ...one,
        causationid: 'ordering/globex/order/other/1',
      })),
    );
    crossing("a shipment of another's goods", ({ effects }) =>
      edit(effects.shipments, of('plain'), (one) => ({
        ...one,
        state: {
          ...one.state,
          lines: [{ itemId: 'cup', name: 'Cup of globex', quantity: 2 }],
        } as typeof one.state,
      })),
    );
    crossing(
      "stock that moved for another's order",
      ({ effects }) =>
        edit(
          effects.events,
          ({ causationid }) => causationid === 'ordering/acme/order/plain/1',
          (one) => one,
        ) &&
        edit(
          effects.events,
          ({ type, causationid }) =>
            type === 'stock-changed' && causationid === 'ordering/acme/order/plain/1',
          (one) => ({ ...one, causationid: 'ordering/globex/order/other/1' }),
        ),
    );
  });

  describe('when the stock does not add up', () => {
    it('sees what is left', () =>
      deepEqual(
        changed(({ effects }) =>
          edit(
            effects.products,
            ({ tenant }) => tenant === 'acme',
            (one) => ({
              ...one,
              state: { ...one.state, availableQuantity: 7 } as typeof one.state,
            }),
          ),
        ),
        ['wrong stock'],
      ));
    it('sees a step of the wrong size', () =>
      ok(
        changed(({ effects }) =>
          edit(
            effects.events,
            ({ type, tenant }) => type === 'stock-changed' && tenant === 'acme',
            (one) => ({
              ...one,
              data: { availableQuantity: 5 },
            }),
          ),
        ).includes('wrong stock'),
      ));
  });

  describe('when usage is not charged as it was', () => {
    const ofAcme = ({ tenant }: { tenant: string }) => tenant === 'acme';
    const isCharge = (one: LedgerEntry) => ofAcme(one) && one.cause === 'window/acme-4';
    const sees = (
      what: string,
      kind: ViolationKind,
      change: (usage: Draft['usage'], all: History1) => void,
    ) => it(`sees ${what}`, () => ok(changed((all) => change(all.effects.usage, all)).includes(kind)));

    sees('an answered request that nobody counted', 'loss', (_, { promised }) =>
      edit(promised.requests, ofAcme, (one) => ({ ...one, answered: 7 })),
    );
    sees('a request that was counted twice', 'duplicate', (_, { promised }) =>
      edit(promised.requests, ofAcme, (one) => ({ ...one, sent: 5 })),
    );
    sees('units that are in no window', 'loss', ({ waiting }) =>
      waiting.push({ tenant: 'acme', meter: 'requests', units: 1 }),
    );
    sees('a window without a charge', 'loss', ({ entries }) => takeOut(entries, isCharge));
    sees('a window that was charged twice', 'duplicate', ({ entries }) => {
      const charge = entries.find(isCharge);
      if (charge) entries.push({ ...charge, entryId: '4' });
    });
    sees('a charge for nothing', 'unfounded', (_, { effects }) =>
      takeOut(effects.events, ({ type, tenant }) => type === 'usage-recorded' && tenant === 'acme'),
    );
    sees('a charge to another account', 'cross-tenant', ({ entries }) =>
      edit(entries, isCharge, (one) => ({ ...one, tenant: 'globex' })),
    );
    sees('a charge for other units', 'wrong sum', ({ entries }) =>
      edit(entries, isCharge, (one) => ({ ...one, amount: -1 })),
    );
    sees('consumption that is not what was used', 'duplicate', ({ consumed }) =>
      edit(consumed, ofAcme, (one) => ({ ...one, units: 7 })),
    );
    sees('a ledger that does not add up to the balance', 'wrong sum', ({ balances }) =>
      edit(balances, ofAcme, (one) => ({ ...one, amount: 0 })),
    );
  });

  it('sees effects that nothing explains', () =>
    ok(
      changed(({ promised }) =>
        takeOut(promised.commands, ({ type, orderId }) => type === 'cancel' && orderId === 'cancelled'),
      ).includes('unfounded'),
    ));
});

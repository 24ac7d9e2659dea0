import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import type { AcknowledgedOrder, History, WrittenEvent } from './history.ts';

/** Everything that is known of one order, side by side. Lists have more than one entry only if something is wrong. */
export type OrderLedger = {
  readonly about: string;
  readonly tenant: string;
  readonly orderId: string;
  readonly acknowledged: AcknowledgedOrder[];
  /** Whether one of these commands was answered so. */
  readonly answers: Set<`${'cancel' | 'dispatch'} ${'done' | 'refused'}`>;
  readonly events: WrittenEvent[];
  readonly order: History['effects']['orders'][number][];
  readonly shipment: History['effects']['shipments'][number][];
  readonly reservation: History['effects']['reservations'][number][];
};

export type Ledger = {
  readonly orders: ReadonlyMap<string, OrderLedger>;
  readonly events: ReadonlyMap<string, WrittenEvent>;
  /** Of every order id the tenants in which it was acknowledged. */
  readonly owners: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Kinds of subjects that are named by their order's id. */
const OF_ORDERS = new Set(['order', 'shipment', 'reservation']);

/** Puts promises and effects side by side, per tenant and order. */
export const openLedger = ({ promised, effects }: History): Ledger => {
  const orders = new Map<string, OrderLedger>();
  const of = (tenant: string, orderId: string): OrderLedger => {
    const about = `${tenant}/${orderId}`;
    const known = orders.get(about) ?? emptyLedger({ about, tenant, orderId });
    orders.set(about, known);
    return known;
  };
  const byId = (document: AggregateDocument) => of(document.tenant, document.id);
  for (const one of promised.orders) of(one.tenant, one.orderId).acknowledged.push(one);
  for (const { tenant, orderId, type, outcome } of promised.commands) {
    of(tenant, orderId).answers.add(`${type} ${outcome}`);
  }
  for (const one of effects.orders) byId(one).order.push(one);
  for (const one of effects.shipments) byId(one).shipment.push(one);
  for (const one of effects.reservations) byId(one).reservation.push(one);
  for (const event of effects.events) {
    const [kind = '', id = ''] = event.subject.split('/');
    if (OF_ORDERS.has(kind)) of(event.tenant, id).events.push(event);
  }
  const owners = Map.groupBy(promised.orders, ({ orderId }) => orderId);
  return {
    orders,
    events: new Map(effects.events.map((event) => [event.id, event])),
    owners: new Map([...owners].map(([id, held]) => [id, new Set(held.map(({ tenant }) => tenant))])),
  };
};

const emptyLedger = (name: Pick<OrderLedger, 'about' | 'tenant' | 'orderId'>): OrderLedger => ({
  ...name,
  acknowledged: [],
  answers: new Set(),
  events: [],
  order: [],
  shipment: [],
  reservation: [],
});

export const eventOf = ({ events }: OrderLedger, type: string): WrittenEvent | undefined =>
  events.find((event) => event.type === type);

/** What the catalog refused to hold on account of this event. */
export const refusalOf = (
  { events }: OrderLedger,
  cause: WrittenEvent | undefined,
): WrittenEvent | undefined =>
  cause && events.find(({ type, causationid }) => type === 'reservation-refused' && causationid === cause.id);

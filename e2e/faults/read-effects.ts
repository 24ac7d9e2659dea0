import type { MongoClient } from 'mongodb';
import type { Product } from '../../contexts/catalog/product.ts';
import type { Reservation } from '../../contexts/catalog/reservation.ts';
import type { Order } from '../../contexts/ordering/order.ts';
import type { Shipment } from '../../contexts/shipping/shipment.ts';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { type CloudEvent, MARK_TYPE } from '../../kit/event/cloud-event.ts';
import { INBOX } from '../../kit/inbox/documents.ts';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import type { Effects, WrittenEvent } from './history.ts';
import { readUsage } from './read-usage.ts';
import type { Shop } from './shop.ts';

type Batch = { _id: string; events: string[] };

/** Reads what the contexts' databases hold now of the shop's tenants. */
export const readEffects = async (client: MongoClient, { map, tenants }: Shop): Promise<Effects> => {
  const databases = new Map(map.contexts.map(({ name, database }) => [name, client.db(database)]));
  const ours = { tenant: { $in: [...tenants] } };
  const all = <State>(context: string, collection: string) =>
    databases.get(context)?.collection<AggregateDocument<State>>(collection).find(ours).toArray() ?? [];
  const events = [...databases].map(async ([context, db]) => {
    const documents = await db
      .collection<OutboxDocument>(OUTBOX)
      .find({ ...ours, to: { $exists: false } })
      .toArray();
    return documents.filter(({ type }) => type !== MARK_TYPE).map((document) => written(context, document));
  });
  const batches = [...databases].map(async ([context, db]) => {
    const found = await db
      .collection<Batch>(INBOX)
      .find({ _id: /^batch\// })
      .toArray();
    return found.map(({ events: ids }) => ({ context, events: ids }));
  });
  return {
    orders: await all<Order>('ordering', 'orders'),
    shipments: await all<Shipment>('shipping', 'shipments'),
    reservations: await all<Reservation>('catalog', 'reservations'),
    products: await all<Product>('catalog', 'products'),
    events: (await Promise.all(events)).flat(),
    handled: (await Promise.all(batches)).flat(),
    usage: await readUsage(databases, tenants),
  };
};

const written = (context: string, { event }: OutboxDocument): WrittenEvent => {
  const { id, tenant, subject, sequence, type, causationid, data } = JSON.parse(event) as CloudEvent;
  const name = type.split('.')[1] ?? type;
  return { context, id, tenant, subject, sequence: Number(sequence), type: name, causationid, data };
};

import { type Db, Timestamp } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { ordering } from '../contexts/ordering/contract.ts';
import type { OrderEvent } from '../contexts/ordering/order.ts';
import { OUTBOX, type OutboxDocument, outboxDocument } from '../kit/outbox/outbox.ts';
import { newTraceparent } from '../kit/telemetry/traceparent.ts';

export const TENANTS = ['acme', 'globex', 'initech', 'umbrella'] as const;

const CHUNK = 1_000;

const lineOf = (number: number) => ({
  itemId: `item-${number}`,
  name: `Cup of a set of ${number}, glazed`,
  reference: `item-${number}`,
  unitPrice: { amount: 1_250 + number, currency: 'EUR' },
  quantity: 1 + (number % 3),
});

const orderPlaced = (number: number, orderId: string, time: string) => {
  const lines = [lineOf(number % 200), lineOf(200 + (number % 200))];
  const amount = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice.amount * quantity, 0);
  const data = { orderId, customer: `customer-${number % 5_000}`, lines, total: { amount, currency: 'EUR' } };
  return { type: 'OrderPlaced', data: { ...data, placedAt: time } } as const satisfies OrderEvent;
};

/** What ordering would have put into its outbox for an order of two lines. */
const orderDocument = (number: number): OutboxDocument => {
  const orderId = uuidv7();
  const time = new Date().toISOString();
  const fact = {
    language: ordering,
    tenant: TENANTS[number % TENANTS.length] ?? TENANTS[0],
    subject: `order/${orderId}`,
    sequence: 1,
    event: orderPlaced(number, orderId, time),
    cause: { traceparent: newTraceparent(), correlationid: uuidv7() },
    time,
  };
  return outboxDocument(fact, ordering.events.OrderPlaced);
};

/** Commits so many order-placed events of distinct orders to an outbox. Resolves when a majority has them. */
export const placeOrders = async (db: Db, count: number): Promise<void> => {
  const outbox = db.collection<OutboxDocument>(OUTBOX, { writeConcern: { w: 'majority' } });
  for (let from = 0; from < count; from += CHUNK) {
    const length = Math.min(CHUNK, count - from);
    const documents = Array.from({ length }, (_, index) => orderDocument(from + index));
    await outbox.insertMany(documents, { ordered: false });
  }
};

/** The server's time after all that has committed so far. */
export const timeNow = async (db: Db): Promise<Timestamp> => {
  const { operationTime } = await db.command({ hello: 1 });
  if (!(operationTime instanceof Timestamp))
    throw new Error('cannot tell the time of the server: it is no replica set');
  return new Timestamp({ t: operationTime.t, i: operationTime.i + 1 });
};

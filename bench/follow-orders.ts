import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeStream, Collection, Document, MongoClient } from 'mongodb';
import { ordering } from '../contexts/ordering/contract.ts';
import { OUTBOX } from '../kit/outbox/outbox.ts';

/**
 * When commits of orders and of their shipments were heard of, by order id, on this process's monotonic clock.
 *
 * Documents carry times of a second or of no server's clock at all, and mongod stamps changes with a clock that ticks
 * every 10 ms, so both are heard of by a change stream of their own. Both notices are under way equally long
 * (about 1 ms), so the time between them is the time between the commits.
 */
export type OrderTimes = {
  readonly placed: ReadonlyMap<string, number>;
  readonly shipped: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

/** Resolves when it listens. */
export const followOrders = async (client: MongoClient): Promise<OrderTimes> => {
  const type = ordering.events.OrderPlaced.type;
  const [outbox, shipments] = await Promise.all([
    openStream(client.db('local-ordering').collection(OUTBOX), { 'fullDocument.type': type }),
    openStream(client.db('local-shipping').collection('shipments'), {}),
  ]);
  const placed = new Map<string, number>();
  const shipped = new Map<string, number>();
  // `<tenant>/order/<order>/<sequence>` and `<tenant>/<order>`
  const listening = [note(outbox, placed, 2), note(shipments, shipped, 1)];
  return {
    placed,
    shipped,
    close: async () => {
      await Promise.all([outbox.close(), shipments.close()]);
      await Promise.all(listening);
    },
  };
};

const openStream = async (collection: Collection, match: Document): Promise<ChangeStream> => {
  const pipeline = [
    { $match: { operationType: 'insert', ...match } },
    { $project: { 'documentKey._id': 1 } },
  ];
  const stream = collection.watch(pipeline, { maxAwaitTimeMS: 1_000 });
  await stream.tryNext();
  return stream;
};

const note = async (stream: ChangeStream, times: Map<string, number>, part: number): Promise<void> => {
  try {
    for await (const change of stream) {
      if (!('documentKey' in change)) continue;
      const order = String(change.documentKey._id).split('/')[part];
      if (order !== undefined && !times.has(order)) times.set(order, performance.now());
    }
  } catch (error) {
    if (!stream.closed) throw error;
  }
};

/** No shipment for so long: none will come. */
const STUCK_MS = 30_000;

/** Resolves when every order that was placed has its shipment. @throws Error when no more are coming. */
export const untilShipped = async ({ placed, shipped }: OrderTimes): Promise<void> => {
  let [last, movedAt] = [shipped.size, performance.now()];
  while ([...placed.keys()].some((order) => !shipped.has(order))) {
    if (shipped.size !== last) [last, movedAt] = [shipped.size, performance.now()];
    if (performance.now() - movedAt > STUCK_MS) {
      throw new Error(`${placed.size} orders were placed, but only ${shipped.size} have a shipment`);
    }
    await delay(100);
  }
};

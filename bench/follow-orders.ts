import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeStream, Collection, Document, MongoClient, Timestamp } from 'mongodb';
import { z } from 'zod';
import { ordering } from '../contexts/ordering/contract.ts';
import { OUTBOX } from '../kit/outbox/outbox.ts';

/**
 * When orders and their shipments were committed, by order id, in milliseconds of mongod's clock.
 *
 * mongod stamps each change as it commits, to the millisecond. So the changes may be read after a load has ended,
 * when reading them takes nothing from what is measured, and how long they were under way does not matter.
 */
export type OrderTimes = {
  readonly placed: ReadonlyMap<string, number>;
  readonly shipped: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

/** All orders that are placed after a point in time, which may have passed long ago. */
export const followOrders = (client: MongoClient, from: Timestamp): OrderTimes => {
  const type = ordering.events.OrderPlaced.type;
  const open = (collection: Collection, match: Document): ChangeStream => {
    const pipeline = [
      { $match: { operationType: 'insert', ...match } },
      { $project: { documentKey: 1, wallTime: 1 } },
    ];
    return collection.watch(pipeline, { startAtOperationTime: from });
  };
  const outbox = open(client.db('local-ordering').collection(OUTBOX), { 'fullDocument.type': type });
  const shipments = open(client.db('local-shipping').collection('shipments'), {});
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

/** MongoDB stamps changes since 6.0. */
const stampedSchema = z.object({ documentKey: z.object({ _id: z.string() }), wallTime: z.date() });

const note = async (stream: ChangeStream, times: Map<string, number>, part: number): Promise<void> => {
  try {
    for await (const change of stream) {
      const { documentKey, wallTime } = stampedSchema.parse(change);
      const order = documentKey._id.split('/')[part];
      if (order !== undefined && !times.has(order)) times.set(order, wallTime.getTime());
    }
  } catch (error) {
    if (!stream.closed) throw error;
  }
};

/** No shipment for so long: none will come. */
const STUCK_MS = 30_000;

/** Resolves when it knows of so many orders and the shipment of each. @throws Error when no more are coming. */
export const untilShipped = async ({ placed, shipped }: OrderTimes, count: number): Promise<void> => {
  let [last, movedAt] = [0, performance.now()];
  while (placed.size < count || shipped.size < count) {
    const known = placed.size + shipped.size;
    if (known !== last) [last, movedAt] = [known, performance.now()];
    if (performance.now() - movedAt > STUCK_MS) {
      throw new Error(`of ${count} orders ${placed.size} have an event and ${shipped.size} a shipment`);
    }
    await delay(100);
  }
};

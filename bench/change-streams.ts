import { type Document, Long, type MongoClient, type Timestamp } from 'mongodb';
import { OUTBOX } from '../kit/outbox/outbox.ts';

/** Inserts into outboxes after a point in time. */
export type Stretch = { readonly client: MongoClient; readonly from: Timestamp; readonly count: number };

const BATCH = 2_000;
const match = { $match: { operationType: 'insert', 'ns.coll': OUTBOX } };

/** The better of two: the first also warms up the reader. */
const bestOfTwo = async (read: () => Promise<number>): Promise<number> =>
  Math.max(await read(), await read());

const perSecond = (count: number, since: number): number => (count * 1_000) / (performance.now() - since);

/** Events per second that the driver's change-stream iterator hands out when nothing is done with them. */
export const iteratorRate = ({ client, from, count }: Stretch): Promise<number> =>
  bestOfTwo(async () => {
    const since = performance.now();
    const stream = client.watch([match], { startAtOperationTime: from, batchSize: BATCH });
    for (let seen = 0; seen < count; seen += 1) await stream.next();
    const rate = perSecond(count, since);
    await stream.close();
    return rate;
  });

/** Events per second that bare getMore commands fetch, the next one under way while a reply is decoded. */
export const getMoreRate = ({ client, from, count }: Stretch): Promise<number> =>
  bestOfTwo(async () => {
    const session = client.startSession();
    const run = (command: Document) => client.db('admin').command(command, { session });
    const since = performance.now();
    const stage = { $changeStream: { allChangesForCluster: true, startAtOperationTime: from } };
    const { cursor } = await run({ aggregate: 1, pipeline: [stage, match], cursor: { batchSize: 0 } });
    const id = Long.fromValue(cursor.id);
    const more = () => run({ getMore: id, collection: '$cmd.aggregate', batchSize: BATCH, maxTimeMS: 500 });
    let next = more();
    for (let seen = 0; seen < count; ) {
      const reply = await next;
      seen += reply['cursor'].nextBatch.length;
      next = more();
    }
    const rate = perSecond(count, since);
    await next;
    await client.db('admin').command({ killCursors: '$cmd.aggregate', cursors: [id] });
    await session.endSession();
    return rate;
  });

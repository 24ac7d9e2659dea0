import type { Db } from 'mongodb';
import type { Bench } from './ground.ts';
import { finished, openShop } from './shop.ts';

const AT_ONCE = 64;
const SECONDS = 10;
const WARM_UP_SECONDS = 3;

/** Orders over REST, 64 at a time, with catalog and shipping working behind them. */
export const ordersRate: Bench = {
  names: ['orders.rate'],
  run: async (ground) => {
    const shop = await openShop(ground);
    const limit = await transactionRate(shop.client.db('bench'));
    const pace = { kind: 'closed', atOnce: AT_ONCE } as const;
    await finished(shop.load(pace, WARM_UP_SECONDS));
    const { placed, seconds } = await finished(shop.load(pace, SECONDS));
    return [{ name: 'orders.rate', value: placed / seconds, unit: 'orders/s', limit }];
  },
};

/** Transactions per second of two inserts each, as large as an order and its event, while the landscape is idle. */
const transactionRate = async (db: Db): Promise<number> => {
  await Promise.all([db.createCollection('states'), db.createCollection('events')]);
  await insertPairs(db, WARM_UP_SECONDS);
  return (await insertPairs(db, SECONDS)) / SECONDS;
};

/** @returns how many were committed. */
export const insertPairs = async (db: Db, seconds: number): Promise<number> => {
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  const one = async () => {
    const session = db.client.startSession();
    while (performance.now() < until) {
      await session.withTransaction(
        async () => {
          await db.collection('states').insertOne({ text: 'x'.repeat(500) }, { session });
          await db.collection('events').insertOne({ text: 'x'.repeat(1_000) }, { session });
        },
        { writeConcern: { w: 'majority' } },
      );
      if (performance.now() < until) count += 1;
    }
    await session.endSession();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return count;
};

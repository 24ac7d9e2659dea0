import { followOrders, type OrderTimes, untilShipped } from './follow-orders.ts';
import type { Bench } from './ground.ts';
import type { Pace } from './load.ts';
import { timeNow } from './order-events.ts';
import { percentile } from './percentile.ts';
import { finished, openShop, type Shop } from './shop.ts';

const SECONDS = 15;
/** Not measured: V8 compiles what the rest is about. */
const WARM_UP_SECONDS = 3;

/** From the commit of an order to the commit of its shipment, while so many orders begin each second. */
const latencyAt = (perSecond: number, name: string): Bench => ({
  names: [`${name}.p50`, `${name}.p99`],
  run: async (ground) => {
    const shop = await openShop(ground);
    const pace = { kind: 'open', perSecond } as const;
    await measure(shop, pace, WARM_UP_SECONDS);
    const { samples, perSecond: achieved } = await measure(shop, pace, SECONDS);
    const note = `${Math.round(achieved)} orders/s, ${samples.length} samples`;
    return [
      { name: `${name}.p50`, value: percentile(samples, 0.5), unit: 'ms', note },
      { name: `${name}.p99`, value: percentile(samples, 0.99), unit: 'ms', note },
    ];
  },
});

/** Reads the times when the load has ended. Every order must have been shipped. */
const measure = async (shop: Shop, pace: Pace, forSeconds: number) => {
  const from = await timeNow(shop.client.db('local-ordering'));
  const { placed, seconds } = await finished(shop.load(pace, forSeconds));
  const times = followOrders(shop.client, from);
  try {
    await untilShipped(times, placed);
    return { samples: latencies(times), perSecond: placed / seconds };
  } finally {
    await times.close();
  }
};

const latencies = ({ placed, shipped }: OrderTimes): number[] =>
  [...placed].flatMap(([order, at]) => {
    const shippedAt = shipped.get(order);
    return shippedAt === undefined ? [] : [shippedAt - at];
  });

export const latency: Bench = latencyAt(100, 'latency');
export const latency1000: Bench = latencyAt(1_000, 'latency.1000');

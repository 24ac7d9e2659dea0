import { followOrders, type OrderTimes, untilShipped } from './follow-orders.ts';
import type { Bench } from './ground.ts';
import { percentile } from './percentile.ts';
import { finished, openShop } from './shop.ts';

const SECONDS = 15;
/** Not measured: V8 compiles what the rest is about. */
const WARM_UP_SECONDS = 3;

/** From the commit of an order to the commit of its shipment, while so many orders begin each second. */
const latencyAt = (perSecond: number, name: string): Bench => ({
  names: [`${name}.p50`, `${name}.p99`],
  run: async (ground) => {
    const shop = await openShop(ground);
    const pace = { kind: 'open', perSecond } as const;
    const times = await followOrders(shop.client);
    try {
      await finished(shop.load(pace, WARM_UP_SECONDS));
      await untilShipped(times);
      const warmUp = new Set(times.placed.keys());
      const { placed, seconds } = await finished(shop.load(pace, SECONDS));
      await untilShipped(times);
      const samples = latencies(times, warmUp);
      const note = `${Math.round(placed / seconds)} orders/s, ${samples.length} samples`;
      return [
        { name: `${name}.p50`, value: percentile(samples, 0.5), unit: 'ms', note },
        { name: `${name}.p99`, value: percentile(samples, 0.99), unit: 'ms', note },
      ];
    } finally {
      await times.close();
    }
  },
});

const latencies = ({ placed, shipped }: OrderTimes, except: ReadonlySet<string>): number[] =>
  [...placed].flatMap(([order, at]) => {
    const shippedAt = shipped.get(order);
    return shippedAt === undefined || except.has(order) ? [] : [shippedAt - at];
  });

export const latency: Bench = latencyAt(100, 'latency');
export const latency1000: Bench = latencyAt(1_000, 'latency.1000');

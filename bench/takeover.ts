import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { followOrders, type OrderTimes } from './follow-orders.ts';
import type { Bench, Standing } from './ground.ts';
import { timeNow } from './order-events.ts';
import { openShop } from './shop.ts';

const TIMES = 3;
const ORDERS_PER_SECOND = 20;
/** Between two kills; long enough that the one that was killed stands by again. */
const STEADY_MS = 4_000;
const PATIENCE_MS = 30_000;
const LOOK_MS = 5;

/** From the kill of the leading relay to the first effect of an order that was committed after it, the worst of three. */
export const takeover: Bench = {
  names: ['takeover.seconds'],
  run: async (ground) => {
    const shop = await openShop(ground);
    const times = followOrders(shop.client, await timeNow(shop.client.db('local-ordering')));
    const seconds = TIMES * ((STEADY_MS + PATIENCE_MS) / 1_000);
    const load = shop.load({ kind: 'open', perSecond: ORDERS_PER_SECOND }, seconds);
    try {
      const samples: number[] = [];
      for (let time = 0; time < TIMES; time += 1) {
        await delay(STEADY_MS);
        samples.push(await killLeader(shop, times));
      }
      const note = `worst of ${samples.map((sample) => sample.toFixed(2)).join(', ')}`;
      return [{ name: 'takeover.seconds', value: Math.max(...samples), unit: 's', note }];
    } finally {
      load.stop();
      await times.close();
    }
  },
};

/** @returns seconds */
const killLeader = async (standing: Standing, times: OrderTimes): Promise<number> => {
  const leader = await leaderOf(standing);
  if (!leader.signal('SIGKILL')) throw new Error('the leading relay has gone before it was killed');
  // The clock that mongod's stamps are of.
  const killedAt = Date.now();
  while (Date.now() - killedAt < PATIENCE_MS) {
    await delay(LOOK_MS);
    const effects = [...times.placed]
      .filter(([, at]) => at > killedAt)
      .flatMap(([order]) => times.shipped.get(order) ?? []);
    if (effects.length > 0) return (Math.min(...effects) - killedAt) / 1_000;
  }
  throw new Error(`no event had an effect within ${PATIENCE_MS / 1_000} s after the relay was killed`);
};

const leaderSchema = z.object({ epoch: z.number().nullable() });

/** The relay that moves events; the others stand by. */
export const leaderOf = async ({ landscape: { endpoints, processes } }: Standing) => {
  for (const [name, process] of processes) {
    if (!name.startsWith('relay-')) continue;
    const answer = await fetch(`${endpoints.get(name)?.adminUrl}/leader`);
    if (leaderSchema.parse(await answer.json()).epoch !== null) return process;
  }
  throw new Error('no relay leads');
};

// Asks over and over as a process of its own: gets a HammerPlan as a message and answers with a Hammered.
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { Hammered, HammerPlan } from './hammer.ts';

type Ask = () => Promise<void>;

const others: Record<string, number> = {};
let answered = 0;

const askOver = (connection: Connection, requests: readonly Buffer[], first: number): Ask => {
  let next = first;
  return async () => {
    next += 1;
    const { status } = await connection.ask(requests[next % requests.length] ?? Buffer.alloc(0));
    if (status === 200) answered += 1;
    else others[status] = (others[status] ?? 0) + 1;
  };
};

const closedLoop = async (asks: readonly Ask[], until: number): Promise<void> => {
  const one = async (ask: Ask) => {
    while (performance.now() < until) await ask();
  };
  await Promise.all(asks.map(one));
};

/** What is due while every connection is busy is dropped: the load is there to be in the way, not to be counted. */
const openLoop = async (asks: readonly Ask[], until: number, perSecond: number): Promise<void> => {
  const since = performance.now();
  const free = [...asks];
  const asking = new Set<Promise<void>>();
  for (let begun = 0; performance.now() < until; await delay(1)) {
    const due = Math.floor(((performance.now() - since) / 1_000) * perSecond);
    for (; begun < due; begun += 1) {
      const ask = free.shift();
      if (ask === undefined) continue;
      const one = ask().finally(() => {
        free.push(ask);
        asking.delete(one);
      });
      asking.add(one);
    }
  }
  await Promise.all(asking);
};

const run = async ({ url, requests, connections, seconds, perSecond }: HammerPlan): Promise<Hammered> => {
  const bytes = requests.map((request) => Buffer.from(request));
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(url)));
  const asks = open.map((connection, index) => askOver(connection, bytes, index));
  const since = performance.now();
  const until = since + seconds * 1_000;
  if (perSecond === undefined) await closedLoop(asks, until);
  else await openLoop(asks, until, perSecond);
  const { user, system } = process.cpuUsage();
  return {
    answered,
    others,
    seconds: (performance.now() - since) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
};

process.once('message', async (plan: HammerPlan) => {
  const result = await run(plan);
  process.send?.(result, () => process.exit(0));
});
process.once('disconnect', () => process.exit(0));

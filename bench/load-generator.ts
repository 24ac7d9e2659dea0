// Places orders over REST as a process of its own: gets a LoadPlan as a message and answers with a LoadResult.
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadPlan, LoadResult } from './load.ts';

const CONNECTIONS = 256;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

const pick = (choices: readonly string[]): string =>
  choices[Math.floor(Math.random() * choices.length)] ?? '';

const orderOf = ({ items }: LoadPlan): string => {
  const lines = [pick(items), pick(items)].map((itemId) => ({ itemId, quantity: 1 }));
  return JSON.stringify({ customer: `customer-${Math.floor(Math.random() * 5_000)}`, lines });
};

/** Resolves with the status; 0 when there was no answer. */
const placeOrder = (plan: LoadPlan): Promise<number> =>
  new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${pick(plan.tokens)}` };
    const sent = request(`${plan.url}/v1/orders`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(orderOf(plan));
  });

/** Orders that are due wait here for a connection; those that still wait after twice the time are never placed. */
const openLoop = async (plan: LoadPlan, perSecond: number, place: () => Promise<void>): Promise<void> => {
  const since = performance.now();
  const elapsed = () => (performance.now() - since) / 1_000;
  const total = plan.seconds * perSecond;
  const placing = new Set<Promise<void>>();
  for (let begun = 0; begun < total && elapsed() < 2 * plan.seconds; await delay(1)) {
    const due = Math.min(total, elapsed() * perSecond);
    for (; begun < due && placing.size < CONNECTIONS; begun += 1) {
      const one = place().finally(() => placing.delete(one));
      placing.add(one);
    }
  }
  await Promise.all(placing);
};

const closedLoop = async (plan: LoadPlan, atOnce: number, place: () => Promise<void>): Promise<void> => {
  const until = performance.now() + plan.seconds * 1_000;
  const one = async () => {
    while (performance.now() < until) await place();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};

const run = async (plan: LoadPlan): Promise<LoadResult> => {
  let placed = 0;
  let failed = 0;
  const place = async () => {
    if ((await placeOrder(plan)) === 201) placed += 1;
    else failed += 1;
  };
  const since = performance.now();
  const { pace } = plan;
  if (pace.kind === 'open') await openLoop(plan, pace.perSecond, place);
  else await closedLoop(plan, pace.atOnce, place);
  return { placed, failed, seconds: (performance.now() - since) / 1_000 };
};

process.once('message', async (plan: LoadPlan) => {
  const result = await run(plan);
  process.send?.(result, () => process.exit(0));
});
process.once('disconnect', () => process.exit(0));

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, codeOf } from './doors.ts';
import type { AcknowledgedOrder, AnsweredCommand } from './history.ts';
import type { Random } from './random.ts';
import { CUSTOMERS, type Shop, SKUS } from './shop.ts';
import { untilAnswered } from './until-answered.ts';

export type LoadOptions = {
  readonly shop: Shop;
  readonly random: Random;
  readonly ordersPerSecond: number;
  /** Stops whatever still waits for an answer; only for giving up. */
  readonly signal: AbortSignal;
};

export type Load = {
  readonly orders: readonly AcknowledgedOrder[];
  readonly commands: readonly AnsweredCommand[];
  /** Answers that no rule of the contexts explains, and that there was none when time was up. */
  readonly strangeAnswers: readonly string[];
  /** Commands that wait for their answer. */
  readonly open: () => number;
  /** Sends no new orders; resolves when every command was answered or the signal aborts. */
  readonly finish: () => Promise<void>;
};

/** Beyond this, what is down is down: more waiting requests would only keep it from coming back. */
const MOST_PLACING = 100;
const CANCELLED = 0.12;
const DISPATCHED = 0.12;
/** Dispatched, and cancelled before ordering may have heard of it: the race that ends in a reinstated order. */
const CONTESTED = 0.06;

type Loading = LoadOptions & {
  readonly orders: AcknowledgedOrder[];
  readonly commands: AnsweredCommand[];
  readonly strangeAnswers: string[];
};

const placedOrder = z.object({
  orderId: z.string(),
  customer: z.string(),
  lines: z.array(z.object({ itemId: z.string(), name: z.string(), quantity: z.number() })),
});

/** Orders at a steady rate, some of which are cancelled, dispatched or both. */
export const startLoad = (options: LoadOptions): Load => {
  const loading: Loading = { ...options, orders: [], commands: [], strangeAnswers: [] };
  const open = new Set<Promise<void>>();
  let placing = 0;
  const ended = new AbortController();
  const buy = () => {
    if (placing >= MOST_PLACING) return;
    placing += 1;
    const placed = placeOne(loading).finally(() => {
      placing -= 1;
    });
    const one = placed
      .then((order) => order && followUp(loading, order))
      .catch((error: unknown) => void loading.strangeAnswers.push(`an order: ${error}`))
      .finally(() => open.delete(one));
    open.add(one);
  };
  const ticking = tick(buy, options.ordersPerSecond, ended.signal);
  const { orders, commands, strangeAnswers } = loading;
  return {
    orders,
    commands,
    strangeAnswers,
    open: () => open.size,
    finish: async () => {
      ended.abort();
      await ticking;
      await Promise.all(open);
    },
  };
};

const tick = async (act: () => void, perSecond: number, signal: AbortSignal): Promise<void> => {
  const startedAt = performance.now();
  for (let done = 0; !signal.aborted; ) {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; done < due; done += 1) act();
    await delay(10, undefined, { signal }).catch(() => undefined);
  }
};

const placeOne = async (loading: Loading): Promise<AcknowledgedOrder | undefined> => {
  const { random, shop, signal } = loading;
  const tenant = random.pick(shop.tenants);
  const [first, second] = random.shuffle(SKUS);
  const itemIds = random.next() < 0.5 ? [first] : [first, second];
  const lines = itemIds.map((itemId) => ({ itemId, quantity: 1 + Math.floor(random.next() * 3) }));
  const body = { customer: random.pick(CUSTOMERS), lines };
  const ask = { tenant, context: 'ordering', path: '/v1/orders', body };
  const answer = await untilAnswered(shop.doors, ask, { signal });
  if (answer.status !== 201) {
    loading.strangeAnswers.push(wordsOf('place', answer));
    return undefined;
  }
  const { orderId, customer, lines: placed } = placedOrder.parse(answer.body);
  const acknowledged = placed.map(({ itemId, name, quantity }) => ({ itemId, name, quantity }));
  const order = { tenant, orderId, customer, lines: acknowledged };
  loading.orders.push(order);
  return order;
};

const followUp = async (loading: Loading, { tenant, orderId }: AcknowledgedOrder): Promise<void> => {
  const { random, signal } = loading;
  const fate = random.next();
  const patience = random.next() * 2_000;
  const isContested = fate < CONTESTED;
  const isDispatched = isContested || fate > 1 - DISPATCHED;
  const isCancelled = isContested || fate < CONTESTED + CANCELLED;
  if (isDispatched) await command(loading, { type: 'dispatch', tenant, orderId });
  else if (isCancelled) await delay(patience, undefined, { signal });
  if (isCancelled) await command(loading, { type: 'cancel', tenant, orderId });
};

const PATHS = {
  cancel: (id: string) => ['ordering', `/v1/orders/${id}/cancel`],
  dispatch: (id: string) => ['shipping', `/v1/shipments/${id}/dispatch`],
} as const;
const REFUSALS = { cancel: 'order-shipped', dispatch: 'shipment-cancelled' } as const;

const command = async (loading: Loading, asked: Omit<AnsweredCommand, 'outcome'>): Promise<void> => {
  const [context = '', path = ''] = PATHS[asked.type](asked.orderId);
  const ask = { tenant: asked.tenant, context, path };
  // The order's own event may be on its way still.
  const isFinal = (one: Answer) => codeOf(one) !== 'shipment-not-found';
  const answer = await untilAnswered(loading.shop.doors, ask, { signal: loading.signal, isFinal });
  if (answer.status === 200) loading.commands.push({ ...asked, outcome: 'done' });
  else if (codeOf(answer) === REFUSALS[asked.type]) loading.commands.push({ ...asked, outcome: 'refused' });
  else loading.strangeAnswers.push(wordsOf(asked.type, answer));
};

const wordsOf = (what: string, { status, body }: Answer) => `${what}: ${status} ${JSON.stringify(body)}`;

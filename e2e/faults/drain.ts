import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient, Timestamp } from 'mongodb';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { judge } from './checker.ts';
import type { Effects, Promised, Violation } from './history.ts';
import { readEffects } from './read-effects.ts';
import type { Shop } from './shop.ts';
import { RELAY_DATABASE } from './site.ts';

export const DRAIN_SECONDS = 60;

export type Drained = {
  /** Undefined when not everything had taken effect in time. */
  readonly seconds: number | undefined;
  readonly effects: Effects;
  readonly violations: readonly Violation[];
};

export type Draining = {
  readonly client: MongoClient;
  readonly shop: Shop;
  readonly promised: Promised;
};

/**
 * Resolves once every expected effect is there and every consumer has acknowledged every event, so that no
 * duplicate is on its way any more; after a minute as things are then.
 */
export const drain = async ({ client, shop, promised }: Draining): Promise<Drained> => {
  const startedAt = performance.now();
  for (;;) {
    const isAcknowledged = await everythingIsAcknowledged(client, shop);
    const effects = await readEffects(client, shop);
    const violations = judge({ promised, effects });
    const seconds = (performance.now() - startedAt) / 1_000;
    if (isAcknowledged && violations.length === 0) return { seconds, effects, violations };
    if (seconds > DRAIN_SECONDS) return { seconds: undefined, effects, violations };
    await delay(500);
  }
};

const everythingIsAcknowledged = async (client: MongoClient, { map }: Shop): Promise<boolean> => {
  const newest = await Promise.all(map.contexts.map(({ database }) => newestEvent(client, database)));
  const watermarks = client.db(RELAY_DATABASE).collection<{ at: Timestamp }>('watermarks');
  const positions = await watermarks.find().toArray();
  return newest.every((at) => at === undefined || positions.every((one) => one.at.greaterThanOrEqual(at)));
};

const newestEvent = async (client: MongoClient, database: string): Promise<Timestamp | undefined> => {
  const outbox = client.db(database).collection<OutboxDocument>(OUTBOX);
  return (await outbox.find().sort({ at: -1 }).limit(1).next())?.at;
};

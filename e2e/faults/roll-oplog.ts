import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient, Timestamp } from 'mongodb';
import { isRelay, RELAY_DATABASE, reserving, type Site } from './site.ts';

/** MongoDB cuts its oplog in pieces of 16 MB, and only what is older than its last checkpoint. */
const JUNK = 'x'.repeat(1_000_000);
const PER_INSERT = 4;
const PATIENCE_MS = 30_000;
const SCRATCH = 'scratch';

/**
 * Writes junk until MongoDB has forgotten every position from which the relays could resume, while both are
 * stopped and orders go on. Then they wake up to it or, as often, are killed and start to it.
 *
 * @returns whether the positions are gone, by the oplog itself.
 */
export const rollOplog = (site: Site): Promise<boolean> => {
  const relays = [...site.landscape.processes].filter(([name]) => isRelay(name));
  const names = relays.map(([name]) => name);
  return reserving(site, names, async () => {
    for (const [, relay] of relays) relay.signal('SIGSTOP');
    const deadline = performance.now() + PATIENCE_MS;
    const scratch = site.client.db(SCRATCH).collection('junk');
    while (!(await isForgotten(site.client)) && performance.now() < deadline) {
      await scratch.insertMany(Array.from({ length: PER_INSERT }, () => ({ junk: JUNK })));
      await delay(20);
    }
    const isLost = await isForgotten(site.client);
    const wake = site.random.pick(['SIGCONT', 'SIGKILL'] as const);
    for (const [, relay] of relays) relay.signal(wake);
    await site.client.db(SCRATCH).dropDatabase();
    return isLost;
  });
};

/** Whether what the oplog still has begins after what every consumer had at last. */
const isForgotten = async (client: MongoClient): Promise<boolean> => {
  const oplog = client.db('local').collection<{ ts: Timestamp }>('oplog.rs');
  const oldest = await oplog.find().sort({ $natural: 1 }).limit(1).next();
  const watermarks = client.db(RELAY_DATABASE).collection<{ at: Timestamp }>('watermarks');
  const positions = await watermarks.find().toArray();
  return oldest !== null && positions.every(({ at }) => at.lessThan(oldest.ts));
};

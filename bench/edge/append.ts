import { randomInt } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { z } from 'zod';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import { type EventOf, publishedLanguage } from '../../kit/event/published-language.ts';
import { eventSourced } from '../../kit/event-store/event-sourced.ts';
import { createEventStoreIndexes } from '../../kit/event-store/indexes.ts';
import { createOutboxIndexes } from '../../kit/outbox/outbox.ts';
import type { Bench } from '../ground.ts';
import { insertPairs } from '../orders-rate.ts';
import { quietServers } from './quiet-servers.ts';

const WRITERS = 64;
const STREAMS = 10_000;
const ROUNDS = 5;
const SECONDS = 3;
const WARM_UP_SECONDS = 2;

const language = publishedLanguage('bench', { parcel: { ParcelMoved: z.object({ text: z.string() }) } });
const parcel = eventSourced<{ readonly moves: number }, EventOf<typeof language, 'parcel'>>({
  kind: 'parcel',
  initialState: () => ({ moves: 0 }),
  evolve: ({ moves }) => ({ moves: moves + 1 }),
});

/** Events appended with their outbox document, beside transactions of two inserts by as many writers. */
export const append: Bench = {
  names: ['events.append.ratio'],
  run: async (ground) => {
    const { mongodbUri } = await quietServers(ground);
    const client = new MongoClient(mongodbUri);
    try {
      const [db, bare] = [client.db('bench-events'), client.db('bench-bare')];
      await createEventStoreIndexes(db, [parcel]);
      await createOutboxIndexes(db);
      await Promise.all(['states', 'events'].map((name) => bare.createCollection(name)));
      await insertPairs(bare, WARM_UP_SECONDS);
      await appendEvents(client, db, WARM_UP_SECONDS);
      let [value, limit] = [0, 0];
      for (let round = 0; round < ROUNDS; round += 1) {
        limit += await insertPairs(bare, SECONDS);
        value += await appendEvents(client, db, SECONDS);
      }
      const seconds = ROUNDS * SECONDS;
      const note = `${WRITERS} writers, ${STREAMS.toLocaleString('en-US')} streams`;
      return [
        {
          name: 'events.append.ratio',
          value: value / seconds,
          unit: 'appends/s',
          limit: limit / seconds,
          note,
        },
      ];
    } finally {
      await client.close();
    }
  },
};

/** @returns how many were committed. */
const appendEvents = async (client: MongoClient, db: Db, seconds: number): Promise<number> => {
  const commands = mongoCommandHandler(client, db, language);
  const moved = { type: 'ParcelMoved', data: { text: 'x'.repeat(500) } } as const;
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  const one = async () => {
    while (performance.now() < until) {
      const keys = { parcel: parcel.key(`${randomInt(STREAMS)}`) };
      await commands.handle({ keys, decide: () => ({ parcel: [moved] }) }, { tenant: 'bench', cause: {} });
      if (performance.now() < until) count += 1;
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, one));
  return count;
};

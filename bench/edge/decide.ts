import { type Db, MongoClient } from 'mongodb';
import { type AccountEvent, account, accountKey } from '../../contexts/subscriptions/account/account.ts';
import { decide as decideAccount } from '../../contexts/subscriptions/account/decide.ts';
import { subscriptions } from '../../contexts/subscriptions/contract.ts';
import { priceListKey } from '../../contexts/subscriptions/pricing/price-list.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import { eventDocument, eventsOf } from '../../kit/event-store/events.ts';
import { createEventStoreIndexes } from '../../kit/event-store/indexes.ts';
import { createOutboxIndexes } from '../../kit/outbox/outbox.ts';
import type { Bench } from '../ground.ts';
import { percentile } from '../percentile.ts';
import { quietServers } from './quiet-servers.ts';

const EVENTS = 12_000;
/** Of them, appended as commands append, so that snapshots are taken as they always are. */
const BY_COMMANDS = 150;
const TIMES = 250;
const TENANT = 'bench';

/** From a command on an account with a long history to its decision: what is read, evolved and decided. */
export const decide: Bench = {
  names: ['account.decide.ms'],
  run: async (ground) => {
    const { mongodbUri } = await quietServers(ground);
    const client = new MongoClient(mongodbUri);
    try {
      const db = client.db('bench-account');
      await createEventStoreIndexes(db, [account]);
      await createOutboxIndexes(db);
      await writeHistory(db);
      for (let time = 0; time < BY_COMMANDS; time += 1) await topUp(client, db, `before-${time}`);
      const decided: number[] = [];
      const committed: number[] = [];
      for (let time = 0; time < TIMES; time += 1) {
        const since = performance.now();
        decided.push((await topUp(client, db, `then-${time}`)) - since);
        committed.push(performance.now() - since);
      }
      const note = `p99 of ${TIMES} top-ups; p50 ${percentile(decided, 0.5).toFixed(1)} ms, committed within ${percentile(committed, 0.99).toFixed(1)} ms`;
      return [{ name: 'account.decide.ms', value: percentile(decided, 0.99), unit: 'ms', note }];
    } finally {
      await client.close();
    }
  },
};

/** Top-ups one after the other, as the account itself would have decided them. */
const writeHistory = async (db: Db): Promise<void> => {
  const time = new Date().toISOString();
  const at = (event: AccountEvent, version: number) =>
    eventDocument(
      { tenant: TENANT, kind: account.kind, id: accountKey().id },
      { event, version, sequence: 0, cause: {}, time },
    );
  const opened = { displayName: 'Bench', owner: 'ada@bench.example', openedAt: time };
  const currency = { currency: 'EUR' };
  const events: AccountEvent[] = [
    { type: 'AccountOpened', data: opened },
    { type: 'CurrencySet', data: currency },
  ];
  for (let n = 1; events.length < EVENTS - BY_COMMANDS; n += 1) {
    const entry = { entryId: `${n}`, cause: `top-up/${n}`, amount: 1, balance: n, at: time };
    events.push({ type: 'ToppedUp', data: entry });
  }
  await eventsOf(db).insertMany(events.map((event, index) => at(event, index + 1)));
};

/** @returns when it was decided. */
const topUp = async (client: MongoClient, db: Db, cause: string): Promise<number> => {
  const commands = mongoCommandHandler(client, db, subscriptions);
  const asked = { type: 'TopUp', amount: 1, currency: 'EUR', cause } as const;
  let decidedAt = Number.NaN;
  await commands.handle(
    {
      keys: { account: accountKey(), prices: priceListKey() },
      decide: (states) => {
        const given = { prices: states.prices, now: new Date().toISOString() };
        const events = decideAccount(asked, states.account, given);
        decidedAt = performance.now();
        return { account: events };
      },
    },
    { tenant: TENANT, cause: {} },
  );
  return decidedAt;
};

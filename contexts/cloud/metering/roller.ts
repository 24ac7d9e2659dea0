import { type Db, type MongoClient, Timestamp } from 'mongodb';
import { ConcurrencyConflict } from '../../../kit/aggregate/errors.ts';
import { transact } from '../../../kit/aggregate/transaction.ts';
import { beginWork, record, writeWork } from '../../../kit/aggregate/unit-of-work.ts';
import { cloud } from '../contract.ts';
import { usage } from '../usage.ts';
import { GROUPS, type UsageGroup } from './groups.ts';
import { serverSeconds } from './server-seconds.ts';
import { windowOf, windowsOf } from './windows.ts';

export type Rolling = { readonly client: MongoClient; readonly db: Db };

/** After a window's end: what commits a little after mongod stamped it still belongs to it. */
const OLD_SECONDS = 1;
const MOST_GROUPS = 2_000;

/**
 * Turns groups of the 10 s windows that are over, by mongod's clock, into events of usage: events and the deletion of
 * the groups commit together, so each group counts once however many replicas roll. What comes late for its window
 * makes another event of it.
 *
 * @returns how many groups it took. @throws ConcurrencyConflict when another replica was faster; nothing was written.
 */
export const rollGroups = async ({ client, db }: Rolling, oldSeconds = OLD_SECONDS): Promise<number> => {
  const now = await serverSeconds(db);
  const collection = db.collection<UsageGroup>(GROUPS);
  const groups = await collection
    .find({ at: { $lt: new Timestamp({ t: windowOf(now - oldSeconds), i: 0 }) } })
    .sort({ at: 1 })
    .limit(MOST_GROUPS)
    .toArray();
  if (groups.length === 0) return 0;
  const windows = windowsOf(groups.map(({ at, counts }) => ({ seconds: at.t, counts })));
  const wanted = windows.map(({ tenant, day }) => ({ tenant, keys: { usage: usage.key(day) } }));
  const work = await beginWork(db, wanted);
  const time = new Date(now * 1_000).toISOString();
  for (const { tenant, day, data } of windows) {
    const events = { usage: [{ type: 'UsageRecorded' as const, data }] };
    const decided = { tenant, keys: { usage: usage.key(day) }, events, cause: {} };
    record(work, decided, { language: cloud, time });
  }
  await transact(client, async (session) => {
    const { deletedCount } = await collection.deleteMany(
      { _id: { $in: groups.map(({ _id }) => _id) } },
      { session },
    );
    if (deletedCount !== groups.length) throw new ConcurrencyConflict('usage groups');
    await writeWork(db, work, session);
  });
  return groups.length;
};

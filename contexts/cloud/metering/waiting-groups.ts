import type { Db } from 'mongodb';
import { GROUPS, type UsageGroup } from './groups.ts';
import { serverSeconds } from './server-seconds.ts';

const MOST_MS = 1_000;

/** How many groups no window has taken yet. */
export const waitingGroups = (db: Db): Promise<number> =>
  db.collection(GROUPS).estimatedDocumentCount({ maxTimeMS: MOST_MS });

/** How old the oldest of them is, by mongod's clock; 0 for none. */
export const oldestGroupSeconds = async (db: Db): Promise<number> => {
  const groups = db.collection<UsageGroup>(GROUPS);
  const oldest = await groups.findOne({}, { sort: { at: 1 }, projection: { at: 1 }, maxTimeMS: MOST_MS });
  return oldest === null ? 0 : Math.max(0, (await serverSeconds(db)) - oldest.at.t);
};

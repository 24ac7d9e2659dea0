import { setTimeout as delay } from 'node:timers/promises';
import type { Projection } from '../projection.ts';

export type Line = { _id: string; n: number };

/** Writes a line per event, numbered as they come; a second line of one event would be refused by its id. */
export const journal = (overrides: Partial<Projection> = {}): Projection => ({
  name: 'journal',
  version: 1,
  kinds: ['counter'],
  project: async (events, { db, collection, session }) => {
    const lines = db.collection<Line>(collection);
    const n = await lines.countDocuments({}, { session });
    const fresh = events.map(({ id, version }, index) => ({ _id: `${id} ${version}`, n: n + index }));
    await lines.insertMany(fresh, { session });
  },
  ...overrides,
});

export const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 30_000; !(await isSo()); await delay(20))
    if (Date.now() > end) throw new Error(`waited 30 s for ${what}`);
};

import type { AggregateDocument } from './aggregate.ts';
import { ConcurrencyConflict } from './errors.ts';
import { idOf, type Loaded, type Storage } from './storage.ts';

/** One document per aggregate, in the collection of its kind. */
export const stateStored: Storage = {
  read: async (db, part) =>
    (
      await Promise.all(
        [...byCollection(part)].map(async ([name, some]) => {
          const asked = new Map(some.map((one) => [idOf(one), one]));
          const found = db
            .collection<AggregateDocument>(name)
            .find({ _id: { $in: [...asked.keys()] } }, { batchSize: 10_000 });
          return (await found.toArray()).flatMap(({ _id, version, sequence, state }) => {
            const one = asked.get(_id);
            return one === undefined ? [] : [{ ...one, storedVersion: version, version, sequence, state }];
          });
        }),
      )
    ).flat(),

  write: async (db, part, session) => {
    for (const [name, some] of byCollection(part)) {
      const collection = db.collection<AggregateDocument>(name);
      const fresh = some.filter((one) => one.storedVersion === 0).map(toDocument);
      if (fresh.length > 0) await collection.insertMany(fresh, { session, ordered: false });
      const updates = some.filter((one) => one.storedVersion > 0);
      if (updates.length === 0) continue;
      const result = await collection.bulkWrite(updates.map(toUpdate), { session, ordered: false });
      if (result.matchedCount !== updates.length) throw new ConcurrencyConflict(`${updates.length} ${name}`);
    }
  },
};

const toDocument = (one: Loaded): AggregateDocument => {
  const { key, tenant, sequence, version, state } = one;
  return { _id: idOf(one), tenant, id: key.id, sequence, version, state };
};

const toUpdate = (one: Loaded) => {
  const { storedVersion, sequence, version, state } = one;
  return {
    updateOne: {
      filter: { _id: idOf(one), version: storedVersion },
      update: { $set: { sequence, version, state } },
    },
  };
};

const byCollection = (part: readonly Loaded[]): Map<string, Loaded[]> =>
  Map.groupBy(part, ({ key }) => key.aggregate.collection);

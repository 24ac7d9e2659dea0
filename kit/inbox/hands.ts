import type { Db } from 'mongodb';

/** What is in hand is counted before it is handled, so that a process that dies of it leaves a trace. */
export interface Hands {
  /** @returns how often it was taken up, this time included, since it last was done. */
  take(name: string): Promise<number>;
  /** Forgets it soon: what is taken up again before counts once too often, which delays and does no harm. */
  done(name: string): void;
}

type HandDocument = { _id: string; taken: number; at: Date };

/** What nobody came back for, because its batch was sent again under another id, is forgotten. */
const FORGOTTEN_AFTER_SECONDS = 24 * 3_600;
export const HANDS = 'inbox_hands';

export const createHandsIndexes = async (db: Db): Promise<void> => {
  await db.collection(HANDS).createIndex({ at: 1 }, { expireAfterSeconds: FORGOTTEN_AFTER_SECONDS });
};

const FORGET_AFTER_MS = 500;

/** Acknowledged by the primary alone: it guards against the death of this process, not of MongoDB. */
export const mongoHands = (db: Db): Hands => {
  const collection = db.collection<HandDocument>(HANDS, { writeConcern: { w: 1, journal: false } });
  const finished: string[] = [];
  const done = (name: string): void => {
    finished.push(name);
    if (finished.length === 1) setTimeout(forget, FORGET_AFTER_MS).unref();
  };
  const forget = async (): Promise<void> => {
    const $in = finished.splice(0);
    await collection.deleteMany({ _id: { $in } }).catch(() => $in.forEach(done));
  };
  return {
    take: async (_id) => {
      const update = { $inc: { taken: 1 }, $setOnInsert: { at: new Date() } };
      const found = await collection.findOneAndUpdate({ _id }, update, {
        upsert: true,
        returnDocument: 'after',
      });
      return found?.taken ?? 1;
    },
    done,
  };
};

import type { Db } from 'mongodb';
import type { Position } from './position.ts';

/** What the relay remembers of one consumer. */
export type Watermark = Position & {
  readonly consumer: string;
  /** What it has joined, each `<upstream>/<kind>/<tenant>`. */
  readonly joined: readonly string[];
  /** What it was told to join and has not finished joining. */
  readonly joining: readonly string[];
};

type WatermarkDocument = Omit<Watermark, 'consumer'> & { _id: string; epoch: number };

/** A relay whose lease was taken over writes no more watermarks. */
export class Deposed extends Error {
  constructor(epoch: number) {
    super(`cannot write watermarks: a leader with an epoch above ${epoch} has taken over`);
  }
}

/**
 * How far each consumer has come, in the relay's own database.
 *
 * Guarantee: a watermark is never above what its consumer has committed, and a leader that was deposed does
 * not overwrite its successor's: every write compares epochs.
 */
export interface Watermarks {
  read(): Promise<Map<string, Watermark>>;
  /** @throws Deposed */
  write(epoch: number, watermarks: readonly Watermark[]): Promise<void>;
  remove(consumers: readonly string[]): Promise<void>;
}

export const mongoWatermarks = (db: Db): Watermarks => {
  const collection = db.collection<WatermarkDocument>('watermarks', { writeConcern: { w: 'majority' } });
  return {
    read: async () => {
      const found = await collection.find({}, { readConcern: { level: 'majority' } }).toArray();
      return new Map(found.map(({ _id, epoch, ...rest }) => [_id, { ...rest, consumer: _id }]));
    },
    write: async (epoch, watermarks) => {
      if (watermarks.length === 0) return;
      const writes = watermarks.map(({ consumer, ...rest }) => ({
        updateOne: {
          filter: { _id: consumer, $or: [{ epoch: { $lte: epoch } }, { epoch: { $exists: false } }] },
          update: { $set: { ...rest, epoch } },
          upsert: true,
        },
      }));
      await collection.bulkWrite(writes, { ordered: false }).catch((error: { code?: unknown }) => {
        throw error.code === 11_000 ? new Deposed(epoch) : error;
      });
    },
    remove: async (consumers) => {
      if (consumers.length > 0) await collection.deleteMany({ _id: { $in: [...consumers] } });
    },
  };
};

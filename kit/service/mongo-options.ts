import type { MongoClientOptions } from 'mongodb';

/** Of every process. */
export const MONGO_OPTIONS: MongoClientOptions = {
  /** Names our transactions, so that those of dead processes can be told and ended. */
  appName: 'cadastre',
  serverSelectionTimeoutMS: 5_000,
  /** What we read, we wrote; checking every string again took half of the relay's time. */
  enableUtf8Validation: false,
};

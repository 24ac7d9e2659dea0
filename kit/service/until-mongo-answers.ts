import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { Logger } from 'pino';

/** A process may start before its database does: it waits, and says so once. */
export const untilMongoAnswers = async (db: Db, logger: Logger): Promise<void> => {
  for (let failures = 0; ; failures += 1) {
    try {
      // A client whose first connection failed stays closed until it is told to connect again.
      await db.client.connect();
      await db.command({ ping: 1 });
      return;
    } catch (error) {
      if (failures === 0) logger.warn({ error }, 'MongoDB does not answer yet, waiting for it');
      await delay(500);
    }
  }
};

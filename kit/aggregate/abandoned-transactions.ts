import type { Binary, MongoClient } from 'mongodb';

/** Our transactions take milliseconds; one that stays open this long has lost its process. */
const ABANDONED_MICROS = 5_000_000;

/**
 * Ends the transactions of this application that a killed or frozen process left open. mongod keeps them,
 * and the write locks that they hold, for a minute (`transactionLifetimeLimitSeconds`), in which every
 * other writer of the same documents conflicts. A process that still lives sees its transaction aborted
 * and runs it again.
 */
export const reapAbandonedTransactions = async (client: MongoClient): Promise<void> => {
  const { appName } = client.options;
  const admin = client.db('admin');
  const sessions = await admin
    .aggregate<{ lsid: { id: Binary } }>([
      { $currentOp: { idleSessions: true, localOps: true } },
      { $match: { appName, 'transaction.timeOpenMicros': { $gt: ABANDONED_MICROS } } },
      { $project: { lsid: 1 } },
    ])
    .toArray();
  if (sessions.length === 0) return;
  await admin.command({ killSessions: sessions.map(({ lsid }) => ({ id: lsid.id })) });
};

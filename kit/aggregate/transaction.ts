import { type ClientSession, type MongoClient, MongoError } from 'mongodb';
import { ConcurrencyConflict } from './errors.ts';
import { isBrokenBulkWrite } from './mongodb-away.ts';

/** DuplicateKey, WriteConflict, TransactionTooOld, NoSuchTransaction, InterruptedAtShutdown, InterruptedDueToReplStateChange */
const ABORTED = new Set([11_000, 112, 225, 251, 11_600, 11_602]);

/**
 * Runs one attempt of a transaction with majority write concern and returns once its outcome is known:
 * the commit is repeated for as long as nobody can say whether it took effect.
 *
 * @throws ConcurrencyConflict when another writer was faster: nothing was written, read again and retry.
 * @throws the error of `body` or of MongoDB otherwise: nothing was written.
 */
export const transact = async (
  client: MongoClient,
  body: (session: ClientSession) => Promise<void>,
): Promise<void> => {
  const session = client.startSession();
  let attempts = 0;
  try {
    await session.withTransaction(
      async () => {
        attempts += 1;
        if (attempts > 1) throw new ConcurrencyConflict('the transaction');
        await body(session).catch((error: unknown) => {
          throw isConflict(error) ? new ConcurrencyConflict('the transaction', { cause: error }) : error;
        });
      },
      { writeConcern: { w: 'majority' }, readConcern: { level: 'snapshot' } },
    );
  } finally {
    await session.endSession();
  }
};

/** A transaction that MongoDB aborted for another's sake or with a connection, or two inserts of one id. */
export const isConflict = (error: unknown): boolean =>
  isBrokenBulkWrite(error) ||
  (error instanceof MongoError &&
    (error.hasErrorLabel('TransientTransactionError') || ABORTED.has(Number(error.code))));

import { MongoBulkWriteError, MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';

/**
 * Whether MongoDB is away, electing, overloaded or has just come back: nothing is wrong with what was asked,
 * and asking again later may succeed. A commit of which nobody can say whether it took effect counts.
 */
export const isMongoAway = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  isBrokenBulkWrite(error) ||
  (error instanceof MongoError &&
    (isLabelled(error) || AWAY.has(Number(error.code)) || AWAY_NAMES.has(error.name)));

/** Around a bulk write the driver hides a broken connection, labels and all, in an error without a code. */
export const isBrokenBulkWrite = (error: unknown): boolean =>
  error instanceof MongoBulkWriteError && typeof error.code !== 'number';

const isLabelled = (error: MongoError): boolean => LABELS.some((label) => error.hasErrorLabel(label));

const LABELS = [
  'TransientTransactionError',
  'RetryableWriteError',
  'ResetPool',
  'UnknownTransactionCommitResult',
];

/** HostUnreachable, NotYetInitialized, WriteConflict, ShutdownInProgress, NotPrimary, Interrupted… and kin. */
const AWAY = new Set([6, 7, 89, 91, 94, 112, 189, 251, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436]);

/** Of the client's own pool. */
const AWAY_NAMES = new Set([
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
]);

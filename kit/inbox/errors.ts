import { MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { ZodError } from 'zod';
import { ConcurrencyConflict, DomainError } from '../aggregate/errors.ts';
import { EventTooLarge } from '../outbox/errors.ts';
import type { Arrival } from './arrival.ts';

/** One event of a batch could not be handled; the cause says why. */
export class ReactionFailed extends Error {
  readonly arrival: Arrival;
  constructor(arrival: Arrival, cause: unknown) {
    super(`cannot handle ${arrival.stream} ${arrival.sequence}: ${messageOf(cause)}`, { cause });
    this.arrival = arrival;
  }
}

/** Terminal: the event does not have what this consumer declared to read. Fix the producer or the schema. */
export class ContractMismatch extends Error {
  readonly code = 'contract-mismatch';
}

/** Terminal: the process died with this event in hand, again and again. Fix the reaction, then redrive. */
export class HandlerDied extends Error {
  readonly code = 'handler-died';
}

/** The world is away or was faster: nothing is wrong with the event, so it waits in place. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof ConcurrencyConflict ||
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  (error instanceof MongoError && (hasRetryableLabel(error) || AWAY.has(Number(error.code)))) ||
  (error instanceof Error && CLIENT_AWAY.has(error.name));

/** The same event will always fail: it parks at once. */
export const isTerminal = (error: unknown): boolean =>
  error instanceof DomainError ||
  error instanceof ContractMismatch ||
  error instanceof HandlerDied ||
  error instanceof EventTooLarge ||
  error instanceof ZodError;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const hasRetryableLabel = (error: MongoError) =>
  ['TransientTransactionError', 'RetryableWriteError', 'ResetPool', 'UnknownTransactionCommitResult'].some(
    (label) => error.hasErrorLabel(label),
  );

/** HostUnreachable, NotYetInitialized, WriteConflict, ShutdownInProgress, NotPrimary, Interrupted… and kin. */
const AWAY = new Set([6, 7, 89, 91, 94, 112, 189, 251, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436]);
const CLIENT_AWAY = new Set([
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
]);

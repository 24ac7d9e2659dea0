import { ZodError } from 'zod';
import { ConcurrencyConflict, DomainError } from '../aggregate/errors.ts';
import { isMongoAway } from '../aggregate/mongodb-away.ts';
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

/** Terminal: the text in the outbox is not the event that its document names. Discard it. */
export class UnreadableText extends Error {
  readonly code = 'unreadable-event';
}

/** Terminal: the process died with this event in hand, again and again. Fix the reaction, then redrive. */
export class HandlerDied extends Error {
  readonly code = 'handler-died';
}

/** The world is away or was faster: nothing is wrong with the event, so it waits in place. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof ConcurrencyConflict || isMongoAway(error);

/** The same event will always fail: it parks at once. */
export const isTerminal = (error: unknown): boolean =>
  error instanceof DomainError ||
  error instanceof ContractMismatch ||
  error instanceof UnreadableText ||
  error instanceof HandlerDied ||
  error instanceof EventTooLarge ||
  error instanceof ZodError;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

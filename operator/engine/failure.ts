import { ApiError, ConnectionLost } from './api-error.ts';

const UID_CHANGED = /metadata\.uid/;

/**
 * Whether a failure passes by itself and says nothing about the parent: another's write came between, the connection
 * broke, the API server was busy. It is tried again without a condition.
 */
export const isTransient = (error: unknown): boolean => {
  if (error instanceof ConnectionLost) return true;
  if (error instanceof ApiError) return isTransientAnswer(error);
  return error instanceof Error && error.cause !== undefined && isTransient(error.cause);
};

const isTransientAnswer = (answer: ApiError): boolean =>
  // Another's write came between, or the object was deleted and made anew since the cache saw it.
  answer.reason === 'Conflict' ||
  (answer.status === 422 && UID_CHANGED.test(answer.message)) ||
  mayLast(answer);

/** Passes as a rule: the API server is busy or restarts, or a namespace has gone since the cache saw it. */
const mayLast = ({ status, message }: ApiError): boolean =>
  status >= 500 ||
  status === 429 ||
  status === 404 ||
  (status === 403 && message.includes('because it is being terminated'));

/** A webhook may be broken for good, a namespace may never come: after so many failures people are told. */
const PATIENCE = 5;

/** Whether people should hear of a failure that came so many times in a row. */
export const deservesCondition = (error: unknown, failures: number): boolean =>
  !isTransient(error) || (failures >= PATIENCE && lasts(error));

const lasts = (error: unknown): boolean => {
  if (error instanceof ApiError) return mayLast(error);
  return error instanceof Error && error.cause !== undefined && lasts(error.cause);
};

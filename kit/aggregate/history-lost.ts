import { MongoServerError } from 'mongodb';

/** Whether a change stream cannot be resumed, ever: MongoDB no longer has what follows its token. */
export const isHistoryLost = (error: unknown): boolean =>
  error instanceof MongoServerError && LOST.has(Number(error.code));

/** ChangeStreamHistoryLost, InvalidResumeToken, ChangeStreamFatalError, CappedPositionLost, InvalidBSON of a token */
const LOST = new Set([286, 260, 280, 136, 50_811]);

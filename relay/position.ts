import { Timestamp } from 'mongodb';

/** A MongoDB resume token. `_data` is a key string: tokens compare as text. */
export type ResumeToken = { readonly _data: string };

/**
 * How far the change stream was read: where to resume, and what to catch up from once MongoDB has forgotten
 * the token.
 */
export type Position = { readonly token: ResumeToken; readonly at: Timestamp };

/**
 * mongod fills `at` in when an event is inserted, not when it commits, so a range of `at` is complete only
 * below the longest transaction (`transactionLifetimeLimitSeconds`, 60) and its abort.
 */
export const LATE_COMMIT_SECONDS = 90;

/**
 * The cluster time that a token stands for: of all that committed up to it, nothing is still to come. A token
 * begins with it, as type 0x82 and eight bytes (MongoDB's KeyString). From a token of another form everything
 * kept is to be caught up on.
 */
export const clusterTimeOf = ({ _data }: ResumeToken): Timestamp => {
  const [, t = '0', i = '0'] = /^82([0-9a-f]{8})([0-9a-f]{8})/i.exec(_data) ?? [];
  return new Timestamp({ t: Number.parseInt(t, 16), i: Number.parseInt(i, 16) });
};

export const isBefore = (a: ResumeToken, b: ResumeToken): boolean => a._data < b._data;

export const secondsBefore = (at: Timestamp, seconds: number): Timestamp =>
  new Timestamp({ t: Math.max(0, at.t - seconds), i: 0 });

export const earlier = (a: Timestamp, b: Timestamp): Timestamp => (a.lessThanOrEqual(b) ? a : b);
export const later = (a: Timestamp, b: Timestamp): Timestamp => (a.lessThanOrEqual(b) ? b : a);

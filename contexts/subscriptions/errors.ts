import { DomainError } from '../../kit/aggregate/errors.ts';

/** Cause: e-mail, password or account is wrong, or the user is disabled; which of them is told to nobody. Normal. */
export const signInRefused = () =>
  new DomainError(
    'sign-in-refused',
    'account, e-mail or password is wrong; correct it, or ask an owner for a new link',
  );

/** Cause: too many wrong passwords in a row for this e-mail. Normal. Wait. */
export const signInThrottled = (retryAfterSeconds: number) =>
  new DomainError(
    'sign-in-throttled',
    `too many attempts to sign in failed; try again in ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  );

/** Cause: the session is signed out, too old, or its user was disabled or has a new password. Normal. Sign in. */
export const sessionEnded = () => new DomainError('session-ended', 'this session has ended; sign in again');

/** Cause: a page of somebody else may have sent this. Not normal for a browser of ours. Send the header. */
export const requestedWithIsMissing = () =>
  new DomainError(
    'requested-with-missing',
    'a request that changes something by a session needs the header x-requested-with; send it',
  );

/** Cause: the role does not allow it, or nobody of the account asks. Normal. Ask an owner. */
export const notAllowed = (what: string) =>
  new DomainError('not-allowed', `your role does not allow ${what}; ask an owner of the account`);

/** Cause: the link was used, is too old, or a newer one took its place. Normal. Ask an owner for a new one. */
export const invitationRefused = () =>
  new DomainError('invitation-refused', 'this link was used or has expired; ask an owner for a new one');

/** Cause: no such user in this account. Normal. Correct the id. */
export const userNotFound = (userId: string) =>
  new DomainError('user-not-found', `there is no user ${userId}; correct the id`, { userId });

/** Cause: the e-mail has a user already. Normal. Have a new link made for that user instead. */
export const userExists = (userId: string) =>
  new DomainError('user-exists', `user ${userId} has this e-mail; make a new link for that user instead`, {
    userId,
  });

/** Cause: nobody would be left to lead the account. Normal. Make somebody else an owner first. */
export const lastOwner = (userId: string) =>
  new DomainError('last-owner', `user ${userId} is the last owner; make somebody else an owner first`, {
    userId,
  });

/** Cause: the user is disabled. Normal. Enable the user first. */
export const userDisabled = (userId: string) =>
  new DomainError('user-disabled', `user ${userId} is disabled; enable the user first`, { userId });

/** Cause: no such key in this account, or one of somebody else. Normal. Correct the id. */
export const keyNotFound = (keyId: string) =>
  new DomainError('key-not-found', `there is no key ${keyId}; correct the id`, { keyId });

/** Cause: the key's time is over. Normal. Create another one. */
export const keyExpired = (keyId: string) =>
  new DomainError('key-expired', `key ${keyId} has expired; create another one`, { keyId });

/** Cause: `expiresAt` has passed. Normal. Choose a later time, or none. */
export const expiryHasPassed = (expiresAt: string) =>
  new DomainError('expiry-has-passed', `expiresAt ${expiresAt} has passed; choose a later time, or none`, {
    expiresAt,
  });

/** Cause: a key may not make another one that may do more. Not normal. Ask with a key that has the scopes. */
export const scopesExceed = (scopes: readonly string[]) =>
  new DomainError(
    'scopes-exceed',
    `the key that asks does not have the scopes ${scopes.join(', ')}; sign in, or leave them out`,
    { scopes },
  );

export const userStatuses = {
  'sign-in-refused': 401,
  'session-ended': 401,
  'requested-with-missing': 403,
  'not-allowed': 403,
  'scopes-exceed': 403,
  'user-not-found': 404,
  'key-not-found': 404,
  'user-exists': 409,
  'last-owner': 409,
  'user-disabled': 409,
  'key-expired': 409,
  'invitation-refused': 410,
  'expiry-has-passed': 422,
  'sign-in-throttled': 429,
} as const;

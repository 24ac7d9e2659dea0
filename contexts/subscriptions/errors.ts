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

/** Cause: another wish, or one of long ago, made a key of this id. Not normal. Choose another id. */
export const keyExists = (keyId: string) =>
  new DomainError('key-exists', `there is another key ${keyId}; choose another id`, { keyId });

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

/** Cause: the tenant has no account (yet); one is opened once the tenant is provisioned. Normal. Wait or correct the id. */
export const accountNotFound = () =>
  new DomainError(
    'account-not-found',
    'there is no such account (yet); correct the id, or wait until it is opened',
  );

/** Cause: the account is closed. Normal. Nothing more is taken; staff may refund what is left. */
export const accountClosed = () =>
  new DomainError('account-closed', 'the account is closed and takes nothing any more; ask for a new one');

/** Cause: more is to be paid back than the customer paid in and has left. Normal. Refund less. */
export const balanceTooLow = (refundable: number) =>
  new DomainError('balance-too-low', `${refundable} minor units may be paid back; refund no more than that`, {
    refundable,
  });

/** Cause: money of another currency than the account's. Not normal. Use the account's currency. */
export const currencyMismatch = (given: string, expected: string) =>
  new DomainError('currency-mismatch', `the account is in ${expected}, not ${given}; use ${expected}`, {
    given,
    expected,
  });

/** Cause: the cause was entered with another amount. Not normal. Name other money by another cause. */
export const causeReused = (cause: string) =>
  new DomainError(
    'cause-reused',
    `${cause} was entered with another amount; name other money by another cause`,
    {
      cause,
    },
  );

/** Cause: the account has neither money nor a plan with a price (yet). Normal. Say the currency, or wait for the plan. */
export const currencyUnknown = () =>
  new DomainError(
    'currency-unknown',
    'the account has no currency yet; say one, or wait until its plan is known',
  );

/** Cause: the sum is beyond what a number holds exactly. Not normal: a price or an amount is wrong. */
export const amountTooLarge = () =>
  new DomainError(
    'amount-too-large',
    `the balance would exceed ${Number.MAX_SAFE_INTEGER} minor units; use less`,
    {
      limit: Number.MAX_SAFE_INTEGER,
    },
  );

/** Cause: a window ends more than a day from now. Not normal: a clock is wrong. Mend the clock, then redrive. */
export const windowInFuture = (windowId: string, to: string) =>
  new DomainError(
    'window-in-future',
    `window ${windowId} ends at ${to}, over 24 h from now; mend the clock`,
    {
      windowId,
      to,
    },
  );

/** Cause: the end of a credit has passed. Normal. Choose a later time. */
export const creditHasExpired = (expiresAt: string) =>
  new DomainError('credit-has-expired', `expiresAt ${expiresAt} has passed; choose a later time`, {
    expiresAt,
  });

/** Cause: the plan is not offered, or is being withdrawn. Normal. Choose one of GET /v1/plans. */
export const planNotOffered = (plan: string) =>
  new DomainError('plan-not-offered', `plan ${plan} is not offered; choose one of GET /v1/plans`, { plan });

/** Cause: the account has no running subscription of that id. Normal. Choose one of GET /v1/account. */
export const subscriptionNotFound = (subscriptionId: string) =>
  new DomainError(
    'subscription-not-found',
    `there is no running subscription ${subscriptionId}; choose one of GET /v1/account`,
    { subscriptionId },
  );

/** Cause: no invoice of that period. Normal. Choose one of GET /v1/invoices. */
export const invoiceNotFound = (period: string) =>
  new DomainError('invoice-not-found', `there is no invoice of ${period}; choose one of GET /v1/invoices`, {
    period,
  });

/** Cause: a draft is to be voided. Normal. Correct the entries instead. */
export const invoiceNotIssued = (period: string) =>
  new DomainError('invoice-not-issued', `the invoice of ${period} is a draft; correct the entries instead`, {
    period,
  });

/** Cause: an earlier month has no issued invoice. Not normal: its run failed. Run that month again first. */
export const earlierMonthOpen = (period: string) =>
  new DomainError('earlier-month-open', `${period} has no issued invoice yet; run that month first`, {
    period,
  });

/** Cause: a month is to be invoiced that has not ended. Normal. Wait until it has. */
export const monthNotOver = (period: string) =>
  new DomainError('month-not-over', `${period} is not over yet; run its invoices when it is`, { period });

export const statuses = {
  'sign-in-refused': 401,
  'session-ended': 401,
  'requested-with-missing': 403,
  'not-allowed': 403,
  'scopes-exceed': 403,
  'user-not-found': 404,
  'key-not-found': 404,
  'account-not-found': 404,
  'invoice-not-found': 404,
  'subscription-not-found': 404,
  'user-exists': 409,
  'last-owner': 409,
  'user-disabled': 409,
  'key-exists': 409,
  'key-expired': 409,
  'account-closed': 409,
  'balance-too-low': 409,
  'earlier-month-open': 409,
  'invoice-not-issued': 409,
  'month-not-over': 409,
  'cause-reused': 409,
  'currency-unknown': 409,
  'invitation-refused': 410,
  'expiry-has-passed': 422,
  'amount-too-large': 422,
  'credit-has-expired': 422,
  'currency-mismatch': 422,
  'plan-not-offered': 422,
  'window-in-future': 422,
  'sign-in-throttled': 429,
} as const;

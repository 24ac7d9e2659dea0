import { RequestRefused } from '../../kit/rest/errors.ts';

type Headers = Readonly<Record<string, string>>;

/** A refusal of the front door. */
export class Refused extends RequestRefused<keyof typeof statuses> {}

const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="cadastre"' } };
const invalid = { headers: { 'WWW-Authenticate': 'Bearer realm="cadastre", error="invalid_token"' } };

/** Cause: no key was sent. Normal. Send one. */
export const keyMissing = () =>
  new Refused('key-missing', 'send a login key: Authorization: Bearer cad_…, or x-api-key: cad_…', challenge);

/** Cause: mistyped, cut off or guessed. Normal. Send the key as it was shown. */
export const keyMalformed = () =>
  new Refused('key-malformed', 'this is no login key: send it whole, as it was shown', invalid);

/** Cause: nobody has that key, or it was deleted or rotated away. Normal. Make a new one. */
export const keyUnknown = () =>
  new Refused('key-unknown', 'this login key is not known (any more): make a new one', invalid);

/** Cause: the key or its user is disabled. Normal. Have it enabled. */
export const keyDisabled = () =>
  new Refused('key-disabled', 'this login key or its user is disabled: have it enabled', invalid);

/** Cause: its time is over. Normal. Make a new one. */
export const keyExpired = () =>
  new Refused('key-expired', 'this login key has expired: make a new one', invalid);

/** Cause: the account is locked. Normal. See the reasons; top up where it is overdrawn. */
export const accountLocked = (reasons: readonly string[]) =>
  new Refused('account-locked', `the account is locked: ${reasons.join(', ')}; settle that in the portal`, {
    detail: { reasons },
  });

/** Cause: the key may not do that. Normal. Make a key with the scope. */
export const scopeMissing = (scope: string) =>
  new Refused('scope-missing', `the login key lacks the scope ${scope}: use one that has it`, {
    detail: { scope },
    headers: {
      'WWW-Authenticate': `Bearer realm="cadastre", error="insufficient_scope", scope="${scope}"`,
    },
  });

/** Cause: the account asked more often than its plan allows. Normal. Wait, or take a larger plan. */
export const tooManyRequests = (limit: number, headers: Headers) =>
  new Refused('too-many-requests', `the plan allows ${limit} requests a second: wait and send it again`, {
    detail: { limit },
    headers,
  });

/** Cause: there is no such context, or it is not in the account's plan. Normal. Correct the path. */
export const contextNotFound = (context: string) =>
  new Refused('context-not-found', `the account has no context ${context}: correct the path or the plan`, {
    detail: { context },
  });

/** Cause: nothing is at this path. Normal. Correct it. */
export const nothingThere = () =>
  new Refused('nothing-there', 'there is nothing here: try /api/whoami, /api/usage or /api/<context>/…');

/** Cause: the path has `.` or `..` in it. Normal. Resolve it before sending. */
export const pathAmbiguous = () =>
  new Refused('path-ambiguous', 'the path has a segment of dots: send it resolved');

/** Cause: the context does not answer the phone. Not normal; send it again later. */
export const contextUnreachable = (context: string, cause?: unknown) =>
  broken('context-unreachable', context, { cause, says: 'cannot be reached for now: send it again later' });

/** Cause: the connection broke or what came was no HTTP. Not normal; whether it took effect is not known. */
export const contextFailed = (context: string, cause?: unknown) =>
  broken('context-failed', context, { cause, says: 'broke off: whether it took effect is not known' });

/** Cause: no answer in time. Not normal; whether it took effect is not known. */
export const contextTooSlow = (context: string, cause?: unknown) =>
  broken('context-too-slow', context, { cause, says: 'took too long: whether it took effect is not known' });

/** Cause: the client closed its connection before it was answered. Normal. Nobody reads this, but metrics and logs tell. */
export const clientGone = () => new Refused('client-gone', 'the client did not wait for the answer');

/** Cause: the usage could not be written down, so the answer was withheld. Not normal; send it again later. */
export const cannotMeter = () =>
  new Refused('cannot-meter', 'the usage could not be recorded: send it again later', {
    headers: retryLater,
  });

const retryLater = { 'Retry-After': '2' };

type Breaking = { readonly says: string; readonly cause: unknown };

const broken = (code: keyof typeof statuses, context: string, { says, cause }: Breaking) => {
  const headers = code === 'context-unreachable' ? retryLater : {};
  return new Refused(code, `the context ${context} ${says}`, { detail: { context }, headers, cause });
};

export const statuses = {
  'path-ambiguous': 400,
  'key-missing': 401,
  'key-malformed': 401,
  'key-unknown': 401,
  'key-disabled': 401,
  'key-expired': 401,
  'account-locked': 402,
  'scope-missing': 403,
  'nothing-there': 404,
  'context-not-found': 404,
  'too-many-requests': 429,
  // As nginx has it; RFC 9110 has none.
  'client-gone': 499,
  'context-failed': 502,
  'context-unreachable': 503,
  'cannot-meter': 503,
  'context-too-slow': 504,
} as const;

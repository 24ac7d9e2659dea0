import { ConcurrencyConflict, DomainError } from '../aggregate/errors.ts';
import { isMongoAway } from '../aggregate/mongodb-away.ts';
import { REQUEST_STATUSES, type RequestCode, RequestRefused } from './errors.ts';

/** Code of a context's DomainErrors → HTTP status. */
export type Statuses = Readonly<Record<string, number>>;

/** What RFC 9457 has in a problem; `code` is the stable part, `detail` is for people. */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
};

/** Seconds: about what an election or a restart takes. */
const RETRY_AFTER = '2';

/** The one place where a failure becomes HTTP. What nobody foresaw says nothing of the inside. */
export const problemOf = (error: unknown, statuses: Statuses): Problem => {
  if (error instanceof RequestRefused || error instanceof DomainError) {
    const { code, message, detail: more } = error;
    const headers = error instanceof RequestRefused ? error.headers : {};
    const status = statusOf(error, statuses);
    if (status !== undefined) return { status, code, detail: message, more, headers };
  }
  if (error instanceof ConcurrencyConflict) {
    return known(
      'concurrency-conflict',
      'others changed the same data at the same time: send the request again',
    );
  }
  if (isMongoAway(error)) {
    const problem = known(
      'temporarily-unavailable',
      'a server behind this one is away: send the request again',
    );
    return { ...problem, headers: { 'Retry-After': RETRY_AFTER } };
  }
  return known('internal-error', 'this is a fault of ours; it is logged under the request id');
};

/** Nested like RFC 9457 members; the standard ones win over a detail of the same name. */
export const problemBody = (problem: Problem, request: { instance?: string; requestId: string }): string => {
  const { status, code, detail, more } = problem;
  const type = `https://cadastre.dev/problems/${code}`;
  return JSON.stringify({ ...more, type, title: titleOf(code), status, code, detail, ...request });
};

/** `scope-missing` → `Scope missing` */
export const titleOf = (code: string): string =>
  code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');

type Told = DomainError | RequestRefused<string>;

/** What the kit refuses is the same everywhere; a rule of a context is not what the kit refuses, whatever its code. */
const statusOf = (error: Told, statuses: Statuses): number | undefined => {
  const ours: Statuses = error instanceof RequestRefused ? REQUEST_STATUSES : {};
  return ours[error.code] ?? statuses[error.code];
};

const known = (code: RequestCode, detail: string): Problem => {
  return { status: REQUEST_STATUSES[code], code, detail, more: {}, headers: {} };
};

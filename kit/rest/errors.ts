/**
 * Why a request was refused before any domain rule saw it, and how HTTP says so. These codes are the same
 * for every context; a context's own are in its `errors.ts`.
 */
export const REQUEST_STATUSES = {
  'malformed-request': 400,
  'malformed-json': 400,
  'json-too-deep': 400,
  'forbidden-key': 400,
  'request-aborted': 400,
  'invalid-request': 400,
  'invalid-cursor': 400,
  'idempotency-key-malformed': 400,
  'idempotency-key-refused': 400,
  'identity-missing': 401,
  'identity-refused': 401,
  'scope-missing': 403,
  'route-not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'concurrency-conflict': 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'head-too-large': 431,
  'internal-error': 500,
  'front-door-missing': 503,
  'temporarily-unavailable': 503,
} as const;

export type RequestCode = keyof typeof REQUEST_STATUSES;

type RefusalOptions = ErrorOptions & {
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Terminal: the same request will be refused again. Nothing was written.
 *
 * Its code has a status above, or, where a door has codes of its own, in the table that it is served with.
 */
export class RequestRefused<Code extends string = RequestCode> extends Error {
  readonly code: Code;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: Code, message: string, { detail = {}, headers = {}, ...options }: RefusalOptions = {}) {
    super(message, options);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }
}

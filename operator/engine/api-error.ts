/** The API server answered with a failure (a `Status` object). */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** `NotFound`, `Conflict`, `Invalid`, `Expired` … as the API server says. */
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(
    message: string,
    {
      status,
      reason,
      retryAfterSeconds,
    }: { status: number; reason: string; retryAfterSeconds?: number | undefined },
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** There was no answer, or it broke off: whether the request took effect is not known. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.reason === 'Conflict';
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof ApiError && error.reason === 'AlreadyExists';
/** The resource version or continue token is too old. */
export const isExpired = (error: unknown): boolean => error instanceof ApiError && error.status === 410;

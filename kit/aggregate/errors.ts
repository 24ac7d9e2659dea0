/** Retryable: another writer was faster. The unit of work reads again and decides again. */
export class ConcurrencyConflict extends Error {
  readonly code = 'concurrency-conflict';
  constructor(what: string, options?: ErrorOptions) {
    super(`cannot commit ${what}: it was changed meanwhile; read it again and retry`, options);
  }
}

/** A rule of the domain said no: normal, nothing was written, the same command will fail again. */
export class DomainError extends Error {
  readonly code: string;
  readonly detail: Record<string, unknown>;
  constructor(code: string, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.detail = detail;
  }
}

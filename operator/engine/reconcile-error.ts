/**
 * A reconciliation that cannot go on, in words for the condition `Ready`: a controller throws it to say its own reason;
 * any other error is shown as `ReconcileFailed`. It is tried again with growing pauses, as all errors are.
 */
export class ReconcileError extends Error {
  override name = 'ReconcileError';
  /** CamelCase, stable. */
  readonly reason: string;
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

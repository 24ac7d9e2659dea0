import { ApiError, ConnectionLost } from './api-error.ts';
import { CredentialsUnreadable } from './credentials.ts';
import { NoAnswer } from './exchange.ts';
import type { KubeRequest } from './kube-client.ts';

export type Attempt = {
  readonly request: Pick<KubeRequest, 'method' | 'contentType'>;
  readonly error: unknown;
  /** How often the request has failed, this time included. */
  readonly failures: number;
};

export const APPLY = 'application/apply-patch+yaml';

/** A refusal took no effect, so any request may be made again, but not for ever: the caller has a backoff. */
const MAX_REFUSALS = 5;
const MAX_LOSSES = 2;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_SECONDS = 60;

/** Made twice they leave what they leave when made once. */
const changesNothingWhenRepeated = ({ method, contentType }: Attempt['request']): boolean =>
  method === 'GET' || (method === 'PATCH' && contentType === APPLY);

const afterRefusal = (error: ApiError, failures: number): number | undefined => {
  const { status, retryAfterSeconds } = error;
  if ((status !== 429 && status !== 503) || retryAfterSeconds === undefined) return undefined;
  return failures > MAX_REFUSALS ? undefined : Math.min(retryAfterSeconds, LONGEST_WAIT_SECONDS) * 1_000;
};

const afterLoss = (error: ConnectionLost, { request, failures }: Attempt): number | undefined => {
  // Nobody waits several times as long as they said, and a plugin that failed is not started at once again.
  if (error.cause instanceof NoAnswer || error.cause instanceof CredentialsUnreadable) return undefined;
  if (failures > MAX_LOSSES) return undefined;
  return changesNothingWhenRepeated(request) ? FIRST_WAIT_MS * 2 ** (failures - 1) : undefined;
};

/** How long to wait before the request is made again (at least; jitter comes on top), undefined when it is not to be. */
export const repeatAfterMs = (attempt: Attempt): number | undefined => {
  const { error, failures } = attempt;
  if (error instanceof ApiError) return afterRefusal(error, failures);
  return error instanceof ConnectionLost ? afterLoss(error, attempt) : undefined;
};

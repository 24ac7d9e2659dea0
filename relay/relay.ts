import { setTimeout as delay } from 'node:timers/promises';
import { isRetryable } from '../kit/inbox/errors.ts';
import { type Lease, RENEW_EVERY_MS } from './lease.ts';
import { leadTerm, type TermOptions } from './term.ts';
import { Deposed } from './watermarks.ts';

export type RelayOptions = Omit<TermOptions, 'epoch'> & { readonly lease: Lease };

/** How soon a standby looks again whether the lease is free. */
const LOOK_EVERY_MS = 250;
const CHECK_OWN_CLOCK_MS = 50;

export type RelayState = { epoch: number | undefined; lookedAt: number };

/**
 * Stands by and, whenever it has the lease, leads. Resolves after the signal aborts, with the lease given up.
 *
 * Guarantee: of all relays of a MongoDB server at most one leads; after its process is killed another leads within
 * the lease and one look.
 */
export const runRelay = async (options: RelayOptions, state: RelayState): Promise<void> => {
  const { lease, signal, logger } = options;
  while (!signal.aborted) {
    const epoch = await lease.acquire().catch(() => undefined);
    state.lookedAt = performance.now();
    if (epoch === undefined) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    logger.info({ epoch }, 'leading');
    state.epoch = epoch;
    await leadWhileHeld(options, epoch, state);
    state.epoch = undefined;
    logger.info({ epoch }, 'no longer leading');
  }
  await lease.release().catch(() => undefined);
};

const leadWhileHeld = async (options: RelayOptions, epoch: number, state: RelayState): Promise<void> => {
  const term = new AbortController();
  const signal = AbortSignal.any([options.signal, term.signal]);
  const keeping = keepLease(options.lease, epoch, { signal, state }).finally(() => term.abort());
  try {
    await leadTerm({ ...options, epoch, signal });
  } catch (error) {
    if (error instanceof Deposed) options.logger.warn({ epoch, error }, 'deposed');
    else if (!isRetryable(error)) options.logger.error({ epoch, error }, 'the term ended with an error');
  } finally {
    term.abort();
    await keeping;
  }
};

type Keeping = { readonly signal: AbortSignal; readonly state: RelayState };

/** Renews the lease; resolves as soon as it is not certain any more that it is held. */
const keepLease = async (lease: Lease, epoch: number, { signal, state }: Keeping): Promise<void> => {
  let renewAt = performance.now() + RENEW_EVERY_MS;
  let isDeposed = false;
  const renew = async () => {
    const isRenewed = await lease.renew(epoch).catch(() => undefined);
    if (isRenewed) state.lookedAt = performance.now();
    if (isRenewed === false) isDeposed = true;
  };
  while (!signal.aborted && !isDeposed && lease.isHeld()) {
    if (performance.now() >= renewAt) {
      renewAt = performance.now() + RENEW_EVERY_MS;
      void renew();
    }
    await delay(CHECK_OWN_CLOCK_MS, undefined, { signal }).catch(() => undefined);
  }
};

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { KubeClient } from './kube-client.ts';
import type { ObjectKey } from './kube-object.ts';
import { candidate, type Held, leaseAccess } from './lease-candidate.ts';
import { type Leadership, type Term, term } from './lease-term.ts';
import { pause } from './pause.ts';

export type LeaseTiming = {
  /** How long the others wait for a sign of the leader before one of them takes over. Whole seconds. */
  readonly leaseSeconds: number;
  /** A leader that could not renew for so long stops. From then until `leaseSeconds` is its time to do so. */
  readonly renewSeconds: number;
  readonly retrySeconds: number;
};

export type LeaderOptions = {
  readonly client: KubeClient;
  /** `<namespace>/<name>` of the Lease; it is made where there is none. */
  readonly key: ObjectKey;
  /** Of this process, for people: each candidate adds something unique. The host's name when absent. */
  readonly name?: string;
  /** Ends `lead` in good order and gives the lease back. */
  readonly signal: AbortSignal;
  readonly timing?: LeaseTiming;
  readonly logger?: Logger;
  /**
   * Called while we lead. `epoch` grows with every leadership: whoever refuses an epoch older than one already seen is
   * safe from a leader that does not know yet that it is none. `signal` aborts when the work is to end, because we are
   * to stop or because the leadership is over; `lead` must settle soon after. To write safely, ask `leadership` before,
   * or write through `fencedClient`.
   */
  lead(epoch: number, signal: AbortSignal, leadership: Leadership): Promise<void>;
};

/** client-go's. */
const TIMING: LeaseTiming = { leaseSeconds: 15, renewSeconds: 10, retrySeconds: 2 };

const checked = (timing: LeaseTiming): LeaseTiming => {
  const { leaseSeconds, renewSeconds, retrySeconds } = timing;
  if (Number.isInteger(leaseSeconds) && renewSeconds < leaseSeconds && retrySeconds * 2 < renewSeconds)
    return timing;
  throw new Error(
    `lease timing ${JSON.stringify(timing)}: leaseSeconds must be whole and above renewSeconds, and that above twice retrySeconds`,
  );
};

const settle = async ({ lead, signal, logger }: LeaderOptions, ours: Term, epoch: number): Promise<void> => {
  const stop = AbortSignal.any([signal, ours.lost]);
  if (signal.aborted) return;
  await lead(epoch, stop, ours).catch((error: unknown) => {
    if (!stop.aborted) throw error;
    // How work ends that was told to end is no failure.
    logger?.debug({ error }, 'the work of the leader ended');
  });
};

/** @returns whether to be a candidate again: the leadership was lost, the work is not done. */
const leadOnce = async (options: LeaderOptions, ours: Term, { epoch }: Held): Promise<boolean> => {
  const { signal, logger, key } = options;
  const done = new AbortController();
  const renewing = ours.keepRenewing(done.signal);
  logger?.info({ lease: key, epoch }, 'leading');
  try {
    await settle(options, ours, epoch);
  } finally {
    // Until here it is renewed, so that nobody else begins while our work comes to its end.
    done.abort();
    await renewing;
    if (ours.isLeading()) await ours.release();
    logger?.info({ lease: key, epoch, reason: ours.lost.reason }, 'leading no more');
  }
  return ours.lost.aborted && !signal.aborted;
};

/**
 * Calls `lead` while this process holds the Lease, again whenever it has got it back, until `lead` settles by itself or
 * the signal aborts.
 *
 * Guarantee: of all candidates that keep to these timings at most one finds `isLeading` true at any moment, provided
 * that no clock runs more than leaseSeconds/renewSeconds times as fast as another; what time it is on them does not
 * matter. When the API server is away, nobody leads after `renewSeconds`.
 *
 * @throws what `lead` throws of its own accord.
 */
export const runAsLeader = async (options: LeaderOptions): Promise<void> => {
  const { client, key, name = hostname(), signal, logger } = options;
  const { leaseSeconds, renewSeconds, retrySeconds } = checked(options.timing ?? TIMING);
  const identity = `${name}_${randomUUID()}`;
  const retryMs = retrySeconds * 1_000;
  const renewMs = renewSeconds * 1_000;
  const access = leaseAccess({ client, key, limitMs: Math.ceil(renewMs / 3) });
  const tryToTake = candidate({ access, identity, leaseSeconds, renewSeconds });
  while (!signal.aborted) {
    const held = await tryToTake().catch((error: unknown) => {
      logger?.warn({ lease: key, error }, 'cannot see who leads; it is tried again');
      return undefined;
    });
    if (held) {
      const ours = term({ held, access, renewMs, retryMs, logger });
      if (!(await leadOnce(options, ours, held))) return;
    } else await pause(retryMs * (1 + Math.random() / 5), signal).catch(() => undefined);
  }
};

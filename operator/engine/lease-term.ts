import type { Logger } from 'pino';
import { isConflict, isNotFound } from './api-error.ts';
import type { Held, LeaseAccess } from './lease-candidate.ts';
import { type Lease, microTime, released } from './lease-record.ts';
import { pause } from './pause.ts';

/** Another may lead by now. */
export class LeadershipLost extends Error {
  override name = 'LeadershipLost';
}

export interface Leadership {
  /** By our own clock, at this very moment: also true in a process that was frozen and has just gone on. */
  isLeading(): boolean;
  /** Aborts when the leadership is over, not when we are asked to stop. */
  readonly lost: AbortSignal;
}

/** One leadership, from acquisition to release or loss. */
export interface Term extends Leadership {
  /** Until the signal says that the work is done, or the leadership is lost. Never rejects. */
  keepRenewing(done: AbortSignal): Promise<void>;
  /** Lets another lead at once. Never rejects. */
  release(): Promise<void>;
}

export type TermOptions = {
  readonly held: Held;
  readonly access: LeaseAccess;
  readonly renewMs: number;
  readonly retryMs: number;
  readonly logger: Logger | undefined;
};

/** A leader that knows the time: it stops by itself, whether or not its timers run. */
const deadline = (firstUntilMs: number) => {
  const lost = new AbortController();
  let untilMs = firstUntilMs;
  let timer: NodeJS.Timeout | undefined;
  const lose = (why: string): void => {
    clearTimeout(timer);
    lost.abort(new LeadershipLost(why));
  };
  const isLeading = (): boolean => {
    if (!lost.signal.aborted && performance.now() >= untilMs) lose('the lease could not be renewed in time');
    return !lost.signal.aborted;
  };
  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => isLeading() && arm(), Math.max(0, untilMs - performance.now()));
  };
  arm();
  return {
    isLeading,
    lost: lost.signal,
    lose,
    /** A leadership that was over once stays so: another may have led since. */
    extend: (until: number): void => {
      if (!isLeading()) return;
      untilMs = until;
      arm();
    },
    end: () => clearTimeout(timer),
  };
};

export const term = ({ held, access, renewMs, retryMs, logger }: TermOptions): Term => {
  const { isLeading, lost, lose, extend, end } = deadline(held.untilMs);
  const { holderIdentity } = held.lease.spec ?? {};
  let { lease } = held;

  /** After a write whose answer was lost the Lease is ours in a version that we have not seen. */
  const lookAgain = async (): Promise<void> => {
    const current = await access.find();
    const { holderIdentity: holder, leaseTransitions } = current?.spec ?? {};
    if (current && holder === holderIdentity && leaseTransitions === held.epoch) lease = current;
    else lose(current ? 'another holds the lease' : 'the lease was deleted');
  };
  const write = async (spec: Lease['spec']): Promise<void> => {
    lease = await access.replace({ ...lease, ...(spec && { spec }) }).catch(async (error: unknown) => {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      await lookAgain();
      return isLeading() ? access.replace({ ...lease, ...(spec && { spec }) }) : lease;
    });
  };
  const renew = async (): Promise<void> => {
    const sentMs = performance.now();
    await write({ ...lease.spec, renewTime: microTime(new Date()) });
    extend(sentMs + renewMs);
  };
  return {
    isLeading,
    lost,
    keepRenewing: async (done) => {
      let waitMs = retryMs;
      while (isLeading() && !done.aborted) {
        await pause(waitMs, AbortSignal.any([done, lost])).catch(() => undefined);
        if (done.aborted || !isLeading()) return;
        waitMs = retryMs;
        await renew().catch((error: unknown) => {
          logger?.warn({ error }, 'cannot renew the lease; it is tried again');
          waitMs = retryMs / 4;
        });
      }
    },
    release: async () => {
      await write(released(lease.spec ?? {}, new Date())).catch((error: unknown) =>
        logger?.warn({ error }, 'cannot give the lease back; the others wait until it runs out'),
      );
      end();
    },
  };
};

import { setTimeout as delay } from 'node:timers/promises';
import type { Supervised } from './supervised.ts';

/** The kubelet's own figures, but for the timeout: its 1 s is little on a machine that does everything else too. */
export type ProbeTimes = {
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
  /** Of a process that has not been live yet: on a slow machine it would otherwise never come to be. */
  readonly failuresAtStart: number;
};
const TIMES: ProbeTimes = { everyMs: 5_000, timeoutMs: 2_000, failures: 3, failuresAtStart: 24 };

export type Watched = {
  readonly process: Pick<Supervised, 'pid' | 'signal'>;
  readonly adminUrl: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly times?: ProbeTimes;
};

/** Kills a process that says of itself, or by its silence, that it is stuck, as the kubelet does. */
export const watchLiveness = async ({ process, adminUrl, signal, times = TIMES }: Watched): Promise<void> => {
  let failures = 0;
  let watched: number | undefined;
  let allowed = times.failuresAtStart;
  while (await isTime(times.everyMs, signal)) {
    const pid = process.pid();
    if (pid !== watched) [failures, allowed] = [0, times.failuresAtStart];
    watched = pid;
    const isFine = pid === undefined || (await isLive(adminUrl, times));
    if (isFine) [failures, allowed] = [0, times.failures];
    else failures += 1;
    if (failures < allowed || process.pid() !== pid) continue;
    process.signal('SIGKILL');
    failures = 0;
  }
};

const isLive = async (adminUrl: string, { timeoutMs }: ProbeTimes): Promise<boolean> => {
  const answer = await fetch(`${adminUrl}/livez`, { signal: AbortSignal.timeout(timeoutMs) }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  return answer?.ok === true;
};

/** Never keeps a process from ending. @returns false as soon as the signal aborts. */
const isTime = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
  return !signal.aborted;
};

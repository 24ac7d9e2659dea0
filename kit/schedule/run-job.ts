import { setTimeout as delay } from 'node:timers/promises';
import { isRetryable } from '../inbox/errors.ts';
import type { JobDeps, Schedule } from './schedule.ts';

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Runs a job until it is done: what is retryable waits as long as it takes, any other error is tried five times.
 *
 * @returns false when the process stops meanwhile: somebody else is to run it.
 * @throws the error of the last attempt.
 */
export const runJob = async (schedule: Schedule, deps: JobDeps): Promise<boolean> => {
  let failures = 0;
  for (let waits = 0; !deps.signal.aborted; waits += 1) {
    const error = await failureOf(schedule, deps);
    if (deps.signal.aborted) break;
    if (error === undefined) return true;
    if (!isRetryable(error)) failures += 1;
    if (failures === ATTEMPTS) throw error;
    deps.logger.warn({ err: error, schedule: schedule.name }, 'a scheduled job failed and is tried again');
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** waits);
    await delay(wait, undefined, { signal: deps.signal }).catch(() => undefined);
  }
  return false;
};

const failureOf = async ({ name, run }: Schedule, deps: JobDeps): Promise<unknown> => {
  try {
    return void (await run(deps, new Date()));
  } catch (error) {
    return error ?? new Error(`the schedule ${name} threw nothing`);
  }
};

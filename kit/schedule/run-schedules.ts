import { setTimeout as delay } from 'node:timers/promises';
import { type Job, Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { connectRedis } from '../queue/connect-redis.ts';
import { keepSet } from './keep-set.ts';
import { runJob } from './run-job.ts';
import type { JobDeps, Schedule } from './schedule.ts';

/** A process that is killed gives its job back after this long at the most, plus one check. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 1_000;
/** Its default, 1, fails a job for good at the second crash. */
const NEVER_FAIL_STALLED = 1_000_000_000;
/** How long a job in hand may take to see that the process stops. */
const FINISH_MS = 10_000;
const LOOK_EVERY_MS = 3_000;

export type SchedulesOptions = Omit<JobDeps, 'signal'> & {
  readonly schedules: readonly Schedule[];
  readonly redisUrl: string;
  /** The context's own, braces included: no other key may be named. */
  readonly prefix: string;
  /** How soon a wipe of Redis is seen. */
  readonly lookEveryMs?: number;
};

export interface RunningSchedules {
  /** Tells jobs in hand to stop and gives them back; another replica runs them from the start. */
  close(): Promise<void>;
}

/**
 * Runs a context's schedules. Each has a queue of its own, so that one that runs long or waits delays no other; its
 * jobs run one after the other, on whichever replica is free. What Redis forgets is set again, and a job by a cron
 * pattern then runs at once, since its time may have gone by.
 */
export const runSchedules = (options: SchedulesOptions): RunningSchedules => {
  const redis = connectRedis(options.redisUrl, options.logger);
  const running = options.schedules.map((schedule) => runSchedule(schedule, redis, options));
  return {
    close: async () => {
      await Promise.all(running.map(({ close }) => close()));
      redis.disconnect();
    },
  };
};

const runSchedule = (schedule: Schedule, redis: Redis, options: SchedulesOptions): RunningSchedules => {
  const { db, commands, logger, prefix, lookEveryMs = LOOK_EVERY_MS } = options;
  const name = `schedule-${schedule.name}`;
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = async (job: Job, token?: string): Promise<void> => {
    if (await runJob(schedule, { db, commands, logger, signal })) return;
    await job.moveToWait(token);
    throw new WaitingError();
  };
  const worker = new Worker(name, work, {
    prefix,
    connection: redis,
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: NEVER_FAIL_STALLED,
  });
  worker.on('error', (error) => logger.debug({ error: error.message }, 'the schedules report an error'));
  worker.on('failed', (_, err) => logger.error({ err, schedule: schedule.name }, 'a scheduled job failed'));
  const queue = new Queue(name, { prefix, connection: redis, skipMetasUpdate: true });
  queue.on('error', () => undefined);
  void (async () => {
    while (!signal.aborted) {
      await keepSet(queue, schedule, db).catch((error: unknown) => {
        if (!signal.aborted)
          logger.warn({ err: error, schedule: schedule.name }, 'cannot set a schedule yet');
      });
      await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    close: async () => {
      stopping.abort();
      // What does not leave off is cut when the process ends, and given back when its lock expires.
      await Promise.race([worker.close(), delay(FINISH_MS, undefined, { ref: false })]);
    },
  };
};

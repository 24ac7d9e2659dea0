import type { JobSchedulerJson, Queue } from 'bullmq';
import type { Db } from 'mongodb';
import type { Schedule } from './schedule.ts';

/** Names of the schedules that were ever set, so that a Redis that was wiped can be told from a first start. */
const EVER_SET = 'schedules_ever_set';
const GONE_WHEN_DONE = { removeOnComplete: true, removeOnFail: true };
const MINUTE_MS = 60_000;

/**
 * Sets a schedule unless it is set as it is to be. Setting it again would move its next run, so that one which is
 * looked at more often than it runs would never do so.
 */
export const keepSet = async (queue: Queue, { name, every }: Schedule, db: Db): Promise<void> => {
  await queue.setGlobalConcurrency(1);
  const found = await queue.getJobScheduler(name);
  const isSet = found !== undefined && isSetAs(found, every);
  if (isSet && (await hasJobs(queue))) return;
  const wasSet = await isKnown(db, name);
  // Before it is set: whoever looks afterwards cannot tell that it was away.
  if (wasSet && found === undefined && typeof every === 'string') await catchUp(queue, name);
  // Setting it anew alone would leave its next run where it is.
  if (found !== undefined && !isSet) await queue.removeJobScheduler(name);
  const repeat = typeof every === 'number' ? { every } : { pattern: every, tz: 'UTC' };
  await queue.upsertJobScheduler(name, repeat, { name, opts: GONE_WHEN_DONE });
};

/** A process whose clock is ahead sets the next run too late for the others, who may be all that are left. */
const isSetAs = ({ every: set, pattern, next = 0 }: JobSchedulerJson, every: number | string): boolean =>
  typeof every === 'number' ? set === every && next < Date.now() + 2 * every + MINUTE_MS : pattern === every;

/** One is always waiting, even while another runs; it is lost when a process dies in between. */
const hasJobs = async (queue: Queue): Promise<boolean> =>
  (await queue.getJobCountByTypes('waiting', 'delayed', 'active', 'prioritized')) > 0;

const isKnown = async (db: Db, name: string): Promise<boolean> => {
  const names = db.collection<{ _id: string; since: Date }>(EVER_SET);
  const set = { $setOnInsert: { since: new Date() } };
  return (await names.updateOne({ _id: name }, set, { upsert: true })).upsertedCount === 0;
};

/** Its time may have come and gone while Redis knew nothing of it. Replicas that see that together add one job. */
const catchUp = async (queue: Queue, name: string): Promise<void> => {
  const jobId = `catch-up-${Math.floor(Date.now() / MINUTE_MS)}`;
  await queue.add(name, {}, { ...GONE_WHEN_DONE, jobId });
};

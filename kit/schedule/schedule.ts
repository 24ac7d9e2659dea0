import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import type { CommandHandler } from '../aggregate/command-handler.ts';

/** What a scheduled job works with. */
export type JobDeps = {
  readonly db: Db;
  readonly commands: CommandHandler;
  readonly logger: Logger;
  readonly signal: AbortSignal;
};

/**
 * Work that a context does by the clock. It runs on one replica at a time, and may run
 * twice, or late: it does what is due. What it throws is tried again, what is retryable for ever; when `signal` aborts
 * it leaves off, and another replica begins anew.
 */
export type Schedule = {
  readonly name: string;
  /** Milliseconds, or a cron pattern in UTC: `0 3 2 * *`. */
  readonly every: number | string;
  readonly run: (deps: JobDeps, now: Date) => Promise<void>;
};

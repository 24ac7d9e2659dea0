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

/** Work that a context does by the clock. It runs on one replica at a time, and may run twice: it must bear that. */
export type Schedule = {
  readonly name: string;
  /** Milliseconds, or a cron pattern in UTC: `0 3 2 * *`. */
  readonly every: number | string;
  readonly run: (deps: JobDeps, now: Date) => Promise<void>;
};

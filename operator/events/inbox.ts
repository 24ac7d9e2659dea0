import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { type Inbox, mongoInbox } from '../../kit/inbox/inbox.ts';
import type { Operation } from '../../kit/service/admin.ts';
import { contextOperations } from '../../kit/service/operations.ts';
import { platform } from './context.ts';

export type InboxOptions = {
  readonly client: MongoClient;
  /** The operator's own: `PLATFORM_CONSUMER` names it. */
  readonly db: Db;
  readonly logger: Logger;
  /** Gives up what waits for MongoDB. */
  readonly signal: AbortSignal;
};

export const platformInbox = (options: InboxOptions): Inbox =>
  mongoInbox({ ...options, language: platform.publishes, reactions: platform.reactions });

/**
 * Events, parked events and traces, for the admin port, as of any context. Every process of the operator answers,
 * whether it leads or stands by: all it takes is the database.
 */
export const platformOperations = (options: InboxOptions): readonly Operation[] =>
  contextOperations(options.db, platformInbox(options));

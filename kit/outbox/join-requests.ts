import type { Db } from 'mongodb';
import type { StartMode } from '../event/cloud-event.ts';

/**
 * How the relay asks a context to tell a joining consumer where its subjects stand. The relay inserts a request
 * into the upstream's database once it routes to the consumer; the upstream writes a mark per subject into its
 * outbox and says when it is done.
 */
export type JoinRequest = {
  /** `<consumer>/<upstream>/<kind>/<tenant>` */
  readonly _id: string;
  readonly consumer: string;
  /** The subject kind to mark. */
  readonly kind: string;
  /** One tenant; null for all that this database holds. */
  readonly tenant: string | null;
  readonly start: StartMode;
  readonly requestedAt: Date;
  /** The last document that was marked, so that a restart goes on behind it. */
  readonly markedUpTo?: string;
  readonly doneAt?: Date;
};

export const JOIN_REQUESTS = 'outbox_joins';

export const joinRequests = (db: Db) =>
  db.collection<JoinRequest>(JOIN_REQUESTS, { writeConcern: { w: 'majority' } });

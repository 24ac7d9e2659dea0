import type { AnyBulkWriteOperation } from 'mongodb';
import type { Projection, RecordedEvent } from '../../../kit/event-store/projection.ts';

/** One thing that was done in an account. */
export type AuditEntry = {
  /** `<tenant>/<time>/<subject>/<version>`: an account's entries lie in the order of time. */
  _id: string;
  tenant: string;
  at: string;
  /** `user/…`, `staff`, or absent where it followed from something else. */
  actor?: string;
  /** `KeyRotated` */
  what: string;
  subject: string;
  details: Record<string, unknown>;
};

/** Told to nobody: what a key's holder or a guesser could work with. */
const LEFT_OUT = new Set(['hash', 'previous', 'keyId', 'userId']);

export const entryOf = ({
  tenant,
  kind,
  id,
  version,
  type,
  data,
  time,
  actor,
}: RecordedEvent): AuditEntry => {
  const subject = `${kind}/${id}`;
  const details = Object.entries(data as Record<string, unknown>).filter(([name]) => !LEFT_OUT.has(name));
  return {
    _id: `${tenant}/${time}/${subject}/${String(version).padStart(10, '0')}`,
    ...{ tenant, at: time, what: type, subject, details: Object.fromEntries(details) },
    ...(actor !== undefined && { actor }),
  };
};

/** Who did what, and when. What an account is charged is in its ledger, not here. */
export const audit: Projection = {
  name: 'audit',
  version: 1,
  kinds: ['user', 'key', 'account', 'invoice'],
  project: async (events, { db, collection, session }) => {
    const writes = events.filter(isWorthAnEntry).map((event): AnyBulkWriteOperation<AuditEntry> => {
      const { _id, ...entry } = entryOf(event);
      return { replaceOne: { filter: { _id }, replacement: entry, upsert: true } };
    });
    if (writes.length > 0) await db.collection<AuditEntry>(collection).bulkWrite(writes, { session });
  },
};

const FREQUENT = new Set(['Charged']);
const isWorthAnEntry = ({ type }: RecordedEvent): boolean => !FREQUENT.has(type);

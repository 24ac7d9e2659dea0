import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { keyNotFound } from '../errors.ts';
import type { LoginKey } from '../key/key.ts';
import { type KeyUse, keyUse } from '../key/key-use.ts';

/** Never the hash: it is of no use to people. */
export const keySchema = z.object({
  keyId: z.string(),
  userId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  disabled: z.boolean(),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  rotatedAt: z.string().optional(),
  /** Until then the key before the last rotation works. */
  previousUntil: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
export const keyPageSchema = pageSchema(keySchema);
export type KeyView = z.output<typeof keySchema>;

export const toKey = (keyId: string, state: LoginKey, { lastUsedAt }: KeyUse = {}): KeyView => {
  if (state.status !== 'live') throw keyNotFound(keyId);
  const { userId, name, scopes, disabled, createdAt, expiresAt, rotatedAt, previous } = state;
  return {
    ...{ keyId, userId, name, scopes, disabled, createdAt },
    ...(expiresAt !== undefined && { expiresAt }),
    ...(rotatedAt !== undefined && { rotatedAt }),
    ...(previous !== undefined && { previousUntil: previous.until }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  };
};

/** Newest first: key ids are UUIDv7. Of one user, or of all. */
export const listKeys = async (db: Db, tenant: string, query: PageQuery & { userId: string | undefined }) => {
  const before = query.after === undefined ? `${tenant}0` : `${tenant}/${query.after}`;
  const documents = await keysOf(db)
    .find({
      tenant,
      _id: { $gt: `${tenant}/`, $lt: before },
      'state.status': 'live',
      ...(query.userId !== undefined && { 'state.userId': query.userId }),
    })
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .toArray();
  const uses = await usesOf(
    db,
    documents.map(({ _id }) => _id),
  );
  const keys = documents.map(({ _id, id, state }) => toKey(id, state, uses.get(_id)));
  return pageOf(keys, query, ({ keyId }) => keyId);
};

const usesOf = async (db: Db, ids: readonly string[]): Promise<Map<string, KeyUse>> => {
  const uses = db.collection<AggregateDocument<KeyUse>>(keyUse.collection);
  const found = await uses.find({ _id: { $in: [...ids] } }).toArray();
  return new Map(found.map(({ _id, state }) => [_id, state]));
};

/** The inline projection of `key`. */
const keysOf = (db: Db) =>
  db.collection<{ _id: string; tenant: string; id: string; state: LoginKey }>('keys');

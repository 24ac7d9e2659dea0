import type { Db } from 'mongodb';
import { z } from 'zod';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';

export const LEDGER_TYPES = [
  'Charged',
  'ToppedUp',
  'Refunded',
  'Credited',
  'CreditExpired',
  'Corrected',
] as const;

export const entrySchema = z.object({
  entryId: z.string(),
  type: z.enum(LEDGER_TYPES),
  cause: z.string(),
  amount: z.int(),
  balance: z.int(),
  at: z.string(),
  for: z
    .object({
      period: z.string(),
      month: z.string(),
      plan: z.string(),
      meter: z.string(),
      units: z.int(),
      unitPrice: z.int(),
    })
    .optional(),
  expiresAt: z.string().optional(),
  note: z.string().optional(),
  reason: z.string().optional(),
  credit: z.string().optional(),
});
export const ledgerPageSchema = pageSchema(entrySchema);

type StoredEntry = {
  readonly _id: string;
  readonly type: string;
  readonly version: number;
  readonly data: object;
};

/** The account's own events are its ledger. Newest first. */
export const listEntries = async (db: Db, tenant: string, query: PageQuery) => {
  const stream = `${tenant}/account/account/`;
  const before = query.after === undefined ? `${tenant}/account/account0` : `${stream}${query.after}`;
  const found = await db
    .collection<StoredEntry>('events')
    .find({ _id: { $gt: stream, $lt: before }, type: { $in: [...LEDGER_TYPES] } })
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .toArray();
  const { items, ...rest } = pageOf(found, query, ({ _id }) => _id.slice(stream.length));
  return { items: items.map(({ type, data }) => entrySchema.parse({ type, ...data })), ...rest };
};

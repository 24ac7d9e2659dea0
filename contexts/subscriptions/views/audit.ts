import type { Db } from 'mongodb';
import { activeCollection } from '../../../kit/event-store/builds.ts';
import { type PageQuery, pageOf } from '../../../kit/rest/page.ts';
import { type AuditEntry, audit } from '../audit/audit.ts';

/** Newest first. */
export const listAudit = async (db: Db, tenant: string, page: PageQuery) => {
  const collection = await activeCollection(db, audit.name);
  if (collection === undefined) return { items: [] };
  const before = page.after === undefined ? `${tenant}0` : `${tenant}/${page.after}`;
  const found = await db
    .collection<AuditEntry>(collection)
    .find({ _id: { $gt: `${tenant}/`, $lt: before }, tenant })
    .sort({ _id: -1 })
    .limit(page.limit + 1)
    .toArray();
  const { items, ...more } = pageOf(found, page, ({ _id }) => _id.slice(tenant.length + 1));
  return { items: items.map(({ _id: _, tenant: __, ...entry }) => entry), ...more };
};

import type { Db, Document, Filter, MongoClient } from 'mongodb';
import { HELD, INBOX } from '../../kit/inbox/documents.ts';
import { HANDS } from '../../kit/inbox/hands.ts';

/** What the databases of pooled cells hold of a tenant. */
export interface TenantDocuments {
  /** Removes them from every database of the cell, also of contexts that left it. May be repeated. */
  remove(what: { readonly cell: string; readonly tenantId: string }): Promise<void>;
}

export const mongoTenantDocuments = (client: MongoClient): TenantDocuments => ({
  remove: async ({ cell, tenantId }) => {
    for (const db of await databasesOf(client, cell)) {
      for (const name of await collectionsOf(db)) {
        const collection = db.collection(name, { writeConcern: { w: 'majority' } });
        await collection.deleteMany(tracesOf(name, tenantId));
      }
    }
  },
});

/** Those of a cell whose name goes on as this one's does are looked at too, in vain: ids are unique. */
const databasesOf = async (client: MongoClient, cell: string): Promise<Db[]> => {
  const filter = { name: { $regex: `^${escaped(cell)}-` } };
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true, filter });
  return databases.map(({ name }) => client.db(name));
};

const collectionsOf = async (db: Db): Promise<string[]> => {
  const found = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
  return found.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
};

/** The kit leads ids by the tenant, or by source and tenant, where a document has no field for it. */
const tracesOf = (collection: string, tenantId: string): Filter<Document> => {
  const id = escaped(tenantId);
  const stream = { $regex: `^[^/]+/${id}/` };
  if (collection === INBOX) return { _id: { $regex: `^stream/[^/]+/${id}/` } } as Filter<Document>;
  if (collection === HELD) return { stream };
  if (collection === HANDS) return { _id: stream } as Filter<Document>;
  if (collection === IDEMPOTENCY_KEYS) return { _id: { $regex: `^${id}\\|` } } as Filter<Document>;
  return { tenant: tenantId };
};

/** kit/rest/idempotency-key.ts */
const IDEMPOTENCY_KEYS = 'idempotency_keys';

const escaped = (text: string) => text.replace(/[^a-z0-9]/g, '\\$&');

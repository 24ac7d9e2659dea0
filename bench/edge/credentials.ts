import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { type Credential, credential, type KnownCredential } from '../../contexts/cloud/credential.ts';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { hashOf, newLoginKey } from '../../kit/identity/login-key.ts';

type Document = AggregateDocument<Credential>;
type Owned = { readonly tenant: string; readonly keyId: string; readonly hash: string };

const CHUNK = 10_000;
const TENANTS = 1_000;

const credentialDocument = ({ tenant, keyId, hash }: Owned): Document => {
  const userId = `user-${keyId.slice(-2)}`;
  const state: KnownCredential = { status: 'active', keyId, userId, hash, scopes: ['*'] };
  return { _id: `${tenant}/${keyId}`, tenant, id: keyId, sequence: 1, version: 1, state };
};

/** Ids as long as those of real keys, and hashes that no key has. */
const strange = (number: number): Owned => {
  const hash = createHash('sha256').update(`${number}`).digest('hex');
  const keyId = `${hash.slice(0, 8)}-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return { tenant: `tenant-${number % TENANTS}`, keyId, hash };
};

/** Writes credentials as the front door keeps them, of a thousand accounts, of which nobody has the key. */
export const fillCredentials = async (db: Db, count: number): Promise<void> => {
  const collection = credentialsOf(db);
  let from = 0;
  const one = async (): Promise<void> => {
    while (from < count) {
      const first = from;
      from += CHUNK;
      const length = Math.min(CHUNK, count - first);
      const documents = Array.from({ length }, (_, index) => credentialDocument(strange(first + index)));
      await collection.insertMany(documents, { ordered: false });
    }
  };
  // One makes documents while mongod takes those of the other.
  await Promise.all([one(), one()]);
};

/** @returns login keys that open. */
export const addKeys = async (
  db: Db,
  count: number,
  tenantOf: (index: number) => string,
): Promise<string[]> => {
  const keys = Array.from({ length: count }, newLoginKey);
  const documents = keys.map((key, index) => {
    const number = String(index).padStart(12, '0');
    const keyId = `00000000-0000-7000-9000-${number}`;
    return credentialDocument({ tenant: tenantOf(index), keyId, hash: hashOf(key) });
  });
  await credentialsOf(db).insertMany(documents);
  return keys;
};

const credentialsOf = (db: Db) =>
  db.collection<Document>(credential.collection, { writeConcern: { w: 'majority' } });

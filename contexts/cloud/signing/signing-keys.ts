import type { KeyObject } from 'node:crypto';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { type Db, MongoServerError } from 'mongodb';

/** A key pair of one day. The private half never leaves this database and the memory of its replicas. */
type StoredKey = { _id: string; publicJwk: Record<string, unknown>; privateJwk: Record<string, unknown> };

export type SigningKey = { readonly kid: string; readonly key: KeyObject };

export interface SigningKeys {
  readonly current: SigningKey;
  /** RFC 7517, with public halves alone. */
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  /** Makes the next key in time, and forgets old ones. Called again and again. */
  refresh(): Promise<void>;
}

const KEYS = 'signing-keys';
const DAY_MS = 86_400_000;
/** The next key is published so long before it signs that every verifier has it by then. */
const AHEAD_MS = 3_600_000;
const DUPLICATE_KEY = 11_000;

/** Signing keys in the context's own database, one a day by mongod's clock, shared by all replicas. */
export const openSigningKeys = async (db: Db): Promise<SigningKeys> => {
  const stored = db.collection<StoredKey>(KEYS, { writeConcern: { w: 'majority' } });
  let held = await readKeys(db);

  const refresh = async (): Promise<void> => {
    held = await readKeys(db);
    const oldest = kidOf(held.now - 2 * DAY_MS);
    await stored.deleteMany({ _id: { $lt: oldest } });
  };

  return {
    get current() {
      return held.current;
    },
    get jwks() {
      return { keys: held.published };
    },
    refresh,
  };
};

const readKeys = async (db: Db) => {
  const { localTime } = await db.command({ hello: 1 });
  const now = (localTime as Date).getTime();
  const [kid, next] = [kidOf(now), kidOf(now + AHEAD_MS)];
  await makeOnce(db, kid);
  if (next !== kid) await makeOnce(db, next);
  const keys = await db.collection<StoredKey>(KEYS).find().sort({ _id: -1 }).toArray();
  const today = keys.find(({ _id }) => _id === kid);
  if (today === undefined) throw new Error(`cannot sign: the signing key ${kid} is gone`);
  const key = createPrivateKey({ key: today.privateJwk, format: 'jwk' });
  return { now, current: { kid, key }, published: keys.map(({ publicJwk }) => publicJwk) };
};

/** Of all replicas that try the first one wins. */
const makeOnce = async (db: Db, kid: string): Promise<void> => {
  const stored = db.collection<StoredKey>(KEYS, { writeConcern: { w: 'majority' } });
  if ((await stored.countDocuments({ _id: kid }, { limit: 1 })) > 0) return;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' };
  const privateJwk = { ...privateKey.export({ format: 'jwk' }) };
  await stored.insertOne({ _id: kid, publicJwk, privateJwk }).catch((error: unknown) => {
    if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
  });
};

/** `2026-11-23` */
const kidOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

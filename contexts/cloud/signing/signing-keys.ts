import type { KeyObject } from 'node:crypto';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { type Collection, type Db, MongoServerError } from 'mongodb';

/** A key pair of one day. The private half never leaves this database and the memory of its replicas. */
type StoredKey = {
  /** The day: `2026-11-23`. */
  _id: string;
  madeAt: Date;
  publicJwk: Record<string, unknown>;
  privateJwk: Record<string, unknown>;
};

export type SigningKey = { readonly kid: string; readonly key: KeyObject };

export interface SigningKeys {
  readonly current: SigningKey;
  /** RFC 7517, with public halves alone. */
  readonly jwks: { readonly keys: readonly Record<string, unknown>[] };
  /** Makes the next key in time, and forgets old ones. Called again and again. */
  refresh(): Promise<void>;
}

const KEYS = 'signing-keys';
/** Tomorrow's key is made so long before it signs. */
const AHEAD_MS = 3_600_000;
/**
 * A key signs when it is this old and not before, even today's where nobody was there to make it yesterday: then every
 * replica has read it (once a minute), and verifiers have looked for unknown keys again (every 2 s).
 */
const PUBLISHED_MS = 180_000;
const DUPLICATE_KEY = 11_000;

/** @returns the time of mongod, in milliseconds: replicas agree on it. */
export type DatabaseClock = () => Promise<number>;

/** Signing keys in the context's own database, one a day by mongod's clock, shared by all replicas. */
export const openSigningKeys = async (db: Db, clock = clockOf(db)): Promise<SigningKeys> => {
  const stored = db.collection<StoredKey>(KEYS, { writeConcern: { w: 'majority' } });
  let held = await readKeys(stored, await clock());

  const refresh = async (): Promise<void> => {
    held = await readKeys(stored, await clock());
    // What the key before signed may still be under way.
    await stored.deleteMany({ _id: { $lt: held.before } });
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

const clockOf = (db: Db): DatabaseClock => {
  return async () => ((await db.command({ hello: 1 }))['localTime'] as Date).getTime();
};

type Stored = Collection<StoredKey>;

const readKeys = async (stored: Stored, now: number) => {
  for (const day of new Set([kidOf(now), kidOf(now + AHEAD_MS)])) await makeOnce(stored, day, now);
  const keys = await stored.find().sort({ _id: -1 }).toArray();
  const { _id: kid, privateJwk } = signingOf(keys, now);
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const before = keys.find(({ _id }) => _id < kid)?._id ?? kid;
  return { current: { kid, key }, before, published: keys.map(({ publicJwk }) => publicJwk) };
};

/** The newest of today or before that was published for long enough; the first key of all has nobody to wait for. */
const signingOf = (newestFirst: readonly StoredKey[], now: number): StoredKey => {
  const begun = newestFirst.filter(({ _id }) => _id <= kidOf(now));
  const signing = begun.find(({ madeAt }) => madeAt.getTime() + PUBLISHED_MS <= now) ?? begun.at(-1);
  if (signing === undefined)
    throw new Error(`cannot sign: there is no signing key of ${kidOf(now)} or before`);
  return signing;
};

/** Of all replicas that try the first one wins. */
const makeOnce = async (stored: Stored, day: string, now: number): Promise<void> => {
  if ((await stored.countDocuments({ _id: day }, { limit: 1 })) > 0) return;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: day, use: 'sig', alg: 'EdDSA' };
  const privateJwk = { ...privateKey.export({ format: 'jwk' }) };
  const made = { _id: day, madeAt: new Date(now), publicJwk, privateJwk };
  await stored.insertOne(made).catch((error: unknown) => {
    if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
  });
};

/** `2026-11-23` */
const kidOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

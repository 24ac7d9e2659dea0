import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClientSession, type Collection, type Db, MongoServerError } from 'mongodb';
import { ConcurrencyConflict, DomainError } from '../aggregate/errors.ts';
import { RequestRefused } from './errors.ts';
import type { SentAnswer } from './sent-answer.ts';

const COLLECTION = 'idempotency_keys';
const KEPT_SECONDS = 24 * 60 * 60;
const PRINTABLE = /^[\x20-\x7e]{1,255}$/;
const DUPLICATE_KEY = 11_000;

type KeyDocument = {
  /** `<tenant>|<method> <route>|<key>` */
  _id: string;
  /** SHA-256 of the concrete path with its query, and of the body as it came. */
  bodyHash: string;
  answer: SentAnswer;
  at: Date;
};

/** Who asks for what: the same key means the same request only within a tenant and a route. */
export type KeyedRequest = {
  readonly tenant: string;
  readonly route: string;
  readonly key: string;
  readonly url: string;
  readonly rawBody: Buffer;
};

/** Private to this file: the transaction met a committed record, which no retry can change. */
class KeyTaken extends Error {}

export type AlsoCommit = (session: ClientSession, answer: SentAnswer) => Promise<void>;

/**
 * Makes a command that is sent again under its key take effect once.
 *
 * Guarantee: the record commits in the command's own transaction, so there is one exactly when the command
 * took effect; for 24 hours every repetition, also a simultaneous one, gets the first answer again. What
 * was refused leaves no record and may be sent again.
 */
export interface IdempotencyKeys {
  /**
   * @param run runs the command and calls `alsoCommit` within its transaction.
   * @throws RequestRefused idempotency-key-reused when the key came with another request before.
   */
  once(request: KeyedRequest, run: (alsoCommit: AlsoCommit) => Promise<SentAnswer>): Promise<SentAnswer>;
}

export const mongoIdempotencyKeys = (db: Db): IdempotencyKeys => {
  const collection = db.collection<KeyDocument>(COLLECTION);
  return {
    once: async (request, run) => {
      const _id = `${request.tenant}|${request.route}|${request.key}`;
      const bodyHash = hashOf(request);
      try {
        return await run((session, answer) =>
          insert(collection, { _id, bodyHash, answer, at: new Date() }, session),
        );
      } catch (error) {
        if (!mayBeRepeated(error)) throw error;
        const stored = await find(collection, _id, error);
        if (stored === undefined) throw withoutRecord(error, _id);
        return replayed(stored, bodyHash);
      }
    },
  };
};

export const createRestIndexes = async (db: Db): Promise<void> => {
  await db.collection(COLLECTION).createIndex({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });
};

/** @throws RequestRefused unless it is 1 to 255 printable ASCII characters. */
export const parseIdempotencyKey = (header: string | string[] | undefined): string | undefined => {
  if (header === undefined || (typeof header === 'string' && PRINTABLE.test(header))) return header;
  throw new RequestRefused(
    'idempotency-key-malformed',
    'Idempotency-Key must be 1 to 255 printable ASCII characters',
  );
};

/** A record keeps the answer and a hash of the body, which of a secret nobody may. @throws RequestRefused when given. */
export const refuseIdempotencyKey = (header: string | string[] | undefined): void => {
  if (header === undefined) return;
  throw new RequestRefused(
    'idempotency-key-refused',
    'what this takes or answers is secret and is not kept, so it cannot be answered again: leave Idempotency-Key out',
  );
};

// The first answer is looked for only after the command failed: a first request, which is the rule, pays
// one insert and no read.
const mayBeRepeated = (error: unknown): boolean =>
  error instanceof KeyTaken || error instanceof DomainError || error instanceof ConcurrencyConflict;

const withoutRecord = (error: unknown, _id: string): unknown =>
  error instanceof KeyTaken ? new ConcurrencyConflict(_id) : error;

const insert = async (
  keys: Collection<KeyDocument>,
  record: KeyDocument,
  session: ClientSession,
): Promise<void> => {
  try {
    await keys.insertOne(record, { session });
  } catch (error) {
    throw error instanceof MongoServerError && error.code === DUPLICATE_KEY ? new KeyTaken() : error;
  }
};

const TRIES = 10;

/** Reads what a majority has, lest an answer be repeated that a failover undoes; that can lag a moment. */
const find = async (
  keys: Collection<KeyDocument>,
  _id: string,
  error: unknown,
): Promise<KeyDocument | undefined> => {
  for (let tries = error instanceof KeyTaken ? TRIES : 1; ; tries -= 1) {
    const stored = await keys.findOne({ _id }, { readConcern: { level: 'majority' } });
    if (stored !== null || tries === 1) return stored ?? undefined;
    await delay(20);
  }
};

const replayed = ({ bodyHash, answer }: KeyDocument, expected: string): SentAnswer => {
  if (bodyHash === expected)
    return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
  throw new RequestRefused(
    'idempotency-key-reused',
    'this Idempotency-Key came with another path or body before: give every new request a key of its own',
  );
};

const hashOf = ({ url, rawBody }: KeyedRequest): string =>
  createHash('sha256').update(url).update('\n').update(rawBody).digest('base64url');

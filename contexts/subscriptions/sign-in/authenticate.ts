import type { Db } from 'mongodb';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import type { Authenticate } from '../../../kit/context/context.ts';
import type { Identity } from '../../../kit/identity/identity.ts';
import { requestedWithIsMissing, sessionEnded } from '../errors.ts';
import { isActive, type User } from '../user/user.ts';
import { readUser } from '../views/users.ts';
import { readCookie, type SessionCookie } from './cookie.ts';
import { type Password, password } from './password.ts';
import { IDLE_MS, LONGEST_MS, type OpenSession, type Session, SLIDE_MS, session } from './session.ts';
import { tokenHash } from './token.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Who asks, by the session cookie. A login key goes before it: the front door has verified that.
 * @throws DomainError session-ended, requested-with-missing.
 */
export const authenticate: Authenticate = async (request, db) => {
  if (request.headers.authorization !== undefined) return undefined;
  const cookie = readCookie(request.headers.cookie);
  if (cookie === undefined) return undefined;
  if (cookie === 'malformed') throw sessionEnded();
  const identity = await identityOf(db, cookie, Date.now());
  // No form and no other site's script can send this header without our consent (CORS), so it was a page of ours.
  const isSafe = SAFE.has(request.method ?? '');
  if (!isSafe && request.headers['x-requested-with'] === undefined) throw requestedWithIsMissing();
  return identity;
};

const identityOf = async (db: Db, cookie: SessionCookie, now: number): Promise<Identity> => {
  const { account, token } = cookie;
  const _id = `${account}/${tokenHash(token)}`;
  const found = await db.collection<AggregateDocument<Session>>(session.collection).findOne({ _id });
  if (found === null || !holds(found.state, now)) throw sessionEnded();
  const { userId, epoch } = found.state;
  const [user, epochNow] = await Promise.all([readUser(db, account, userId), epochOf(db, account, userId)]);
  if (!mayGoOn(user, epoch === epochNow)) throw sessionEnded();
  await slide(db, { ...found, state: found.state }, now);
  return { tenant: account, user: userId, scopes: ['*'] };
};

const mayGoOn = (user: User, samePassword: boolean): boolean => isActive(user) && samePassword;

const holds = (state: Session, now: number): state is OpenSession =>
  state.status === 'open' && state.expiresAt > now && state.openedAt + LONGEST_MS > now;

const epochOf = async (db: Db, account: string, userId: string): Promise<number | undefined> => {
  const passwords = db.collection<AggregateDocument<Password>>(password.collection);
  return (await passwords.findOne({ _id: `${account}/${userId}` }))?.state.epoch;
};

/** Fenced by the version like any command: what ends the session meanwhile wins. */
const slide = async (db: Db, found: AggregateDocument<OpenSession>, now: number): Promise<void> => {
  const { _id, version, state } = found;
  if (state.expiresAt - now > IDLE_MS - SLIDE_MS) return;
  const sessions = db.collection<AggregateDocument<Session>>(session.collection);
  const moved = { 'state.expiresAt': now + IDLE_MS, version: version + 1 };
  await sessions.updateOne({ _id, version }, { $set: moved });
};

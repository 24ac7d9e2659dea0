import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { commandCall, commandRoute, queryRoute } from '../../../kit/rest/route.ts';
import { actorOf } from '../authorisation.ts';
import { invitationRefused, sessionEnded, signInRefused } from '../errors.ts';
import { account, email } from '../input.ts';
import { TEAM, team } from '../user/team.ts';
import { ROLES, user } from '../user/user.ts';
import { userIdOf } from '../user/user-id.ts';
import { addressFailures } from './address-failures.ts';
import { attempts } from './attempts.ts';
import { clientAddress } from './client-address.ts';
import { clearCookie, readCookie, setCookie } from './cookie.ts';
import { acceptLink, prolong, refuseThrottled, signIn, signOut } from './decide.ts';
import { invitation } from './invitation.ts';
import { password } from './password.ts';
import { hashPassword, verifyPassword } from './scrypt.ts';
import { session } from './session.ts';
import { newToken, TOKEN, tokenHash } from './token.ts';

/** Length is what makes it hard to guess (NIST SP 800-63B); scrypt takes any. */
const newPassword = z.string().min(12).max(200);
const meSchema = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  account: z.string(),
});

const openSession = commandRoute({
  method: 'POST',
  path: '/v1/sessions',
  summary: 'Sign in',
  access: 'everyone',
  holdsSecret: true,
  body: z.strictObject({ account, email, password: z.string().max(1_000) }),
  answers: { 201: z.object({ account: z.string(), userId: z.string() }) },
  refusals: ['sign-in-refused', 'sign-in-throttled'],
  command: async ({ body, headers, connection, now: at }, db) => {
    const now = at.toISOString();
    const userId = userIdOf(body.email);
    const _id = `${body.account}/${userId}`;
    const address = clientAddress(connection, headers);
    const from = address === undefined ? [] : [address];
    const [known, tried, ...addresses] = await Promise.all([
      stateOf(db, password, _id),
      stateOf(db, attempts, _id),
      ...from.map((one) => stateOf(db, addressFailures, `platform/${one}`)),
    ]);
    // Before any hashing: who is blocked costs nothing.
    refuseThrottled({ attempts: tried, addresses }, now);
    const verified = (await verifyPassword(body.password, known.hash)) ? known.hash : undefined;
    const token = newToken();
    return commandCall({
      tenant: body.account,
      keys: {
        user: user.key(userId),
        password: password.key(userId),
        attempts: attempts.key(userId),
        addresses: from.map((one) => addressFailures.keyIn('platform', one)),
        session: session.newKey(tokenHash(token)),
      },
      decide: (states) => signIn({ userId, verified, now }, states),
      answer: (states) => {
        if (states.session.status !== 'open') throw signInRefused();
        const cookie = setCookie({ account: body.account, token }, headers.host);
        return {
          status: 201,
          body: { account: body.account, userId },
          headers: { 'set-cookie': cookie, 'cache-control': 'no-store' },
        };
      },
    });
  },
});

const endSession = commandRoute({
  method: 'DELETE',
  path: '/v1/sessions/current',
  summary: 'Sign out',
  answers: { 204: z.undefined() },
  refusals: ['session-ended'],
  command: async ({ headers, now }, db) => {
    const cookie = readCookie(headers.cookie);
    if (cookie === undefined || cookie === 'malformed') throw sessionEnded();
    const id = tokenHash(cookie.token);
    const found = await stateOf(db, session, `${cookie.account}/${id}`);
    if (found.status !== 'open') throw sessionEnded();
    const { userId } = found;
    return commandCall({
      tenant: cookie.account,
      keys: { session: session.key(id), user: user.key(userId) },
      decide: (states) => signOut({ userId, now: now.toISOString() }, states.session),
      answer: () => ({
        status: 204,
        body: undefined,
        headers: { 'set-cookie': clearCookie(headers.host) },
      }),
    });
  },
});

/** It writes, so that being answered shows that commands are taken: what a page waits for after an outage. */
const prolongSession = commandRoute({
  method: 'PUT',
  path: '/v1/sessions/current',
  summary: 'Stay signed in',
  answers: { 204: z.undefined() },
  refusals: ['session-ended'],
  command: ({ headers, now }) => {
    const cookie = readCookie(headers.cookie);
    if (cookie === undefined || cookie === 'malformed') throw sessionEnded();
    return commandCall({
      tenant: cookie.account,
      keys: { session: session.key(tokenHash(cookie.token)) },
      decide: (states) => ({ session: prolong(states.session, now.toISOString()) }),
      answer: () => ({ status: 204, body: undefined }),
    });
  },
});

const getMe = queryRoute({
  method: 'GET',
  path: '/v1/me',
  summary: 'Show who is signed in',
  answers: { 200: meSchema },
  read: async (request, db) => {
    const { userId, email: address, name, role } = await actorOf(request, db);
    return { status: 200, body: { userId, email: address, name, role, account: request.tenant } };
  },
});

const acceptInvitation = commandRoute({
  method: 'POST',
  path: '/v1/invitations/accept',
  summary: 'Choose a password by a link',
  access: 'everyone',
  holdsSecret: true,
  body: z.strictObject({ account, token: z.string().regex(TOKEN), password: newPassword }),
  answers: { 200: z.object({ account: z.string(), userId: z.string() }) },
  refusals: ['invitation-refused'],
  command: async ({ body, now }, db) => {
    const id = tokenHash(body.token);
    const found = await stateOf(db, invitation, `${body.account}/${id}`);
    if (found.status !== 'open') throw invitationRefused();
    const { userId } = found;
    const hash = await hashPassword(body.password);
    const wish = { userId, tokenHash: id, hash, now: now.toISOString() };
    return commandCall({
      tenant: body.account,
      keys: {
        user: user.key(userId),
        team: team.key(TEAM),
        invitation: invitation.key(id),
        password: password.key(userId),
        attempts: attempts.key(userId),
      },
      decide: (states) => acceptLink(wish, states),
      answer: () => ({ status: 200, body: { account: body.account, userId } }),
    });
  },
});

type Stored<State> = { readonly collection: string; readonly initialState: () => State };

const stateOf = async <State>(db: Db, { collection, initialState }: Stored<State>, _id: string) =>
  (await db.collection<AggregateDocument<State>>(collection).findOne({ _id }))?.state ?? initialState();

export const signInApi = [openSession, endSession, prolongSession, getMe, acceptInvitation];

import { z } from 'zod';
import { pageQuery } from '../../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../../kit/rest/route.ts';
import { accountParams, email } from '../input.ts';
import { makeLink } from '../sign-in/decide.ts';
import { invitation } from '../sign-in/invitation.ts';
import { type PasswordEvent, password } from '../sign-in/password.ts';
import { newToken, tokenHash } from '../sign-in/token.ts';
import { listUsers, toUser, userPageSchema, userSchema } from '../views/users.ts';
import { decide, type UserCommand } from './decide.ts';
import { TEAM, team } from './team.ts';
import { ROLES, user } from './user.ts';
import { userIdOf } from './user-id.ts';

const name = z.string().trim().min(1).max(200);
const userParams = z.object({ id: z.string().regex(/^[a-z2-7]{26}$/, 'must be the id of a user') });
const linkSchema = z.object({ user: userSchema, invitationLink: z.string() });

const getUsers = queryRoute({
  method: 'GET',
  path: '/v1/users',
  summary: 'List the users of the account',
  query: pageQuery,
  answers: { 200: userPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listUsers(db, tenant, query) }),
});

/** Relative to wherever the portal is. What follows `#` is sent to no server, so it is in no log. */
const linkOf = (accountId: string, token: string) =>
  `/portal/#/invitations/accept?account=${accountId}&token=${token}`;

type Linking = { readonly accountId: string; readonly userId: string; readonly now: string };

/** What all ways to a link have in common; `commands` come first and may make the user. */
const linkCall = ({ accountId, userId, now }: Linking, status: number, commandsFor: CommandsFor) => {
  const token = newToken();
  const hash = tokenHash(token);
  return commandCall({
    tenant: accountId,
    keys: {
      user: user.key(userId),
      team: team.key(TEAM),
      password: password.key(userId),
      invitation: invitation.newKey(hash),
    },
    decide: (states) => {
      const decided = commandsFor(states.user.status === 'none').map((command) => decide(command, states));
      const events = decided.flatMap((one) => one.user);
      const after = events.reduce(user.evolve, states.user);
      const link = makeLink({ userId, tokenHash: hash, now }, after);
      return { ...link, user: events, team: decided.flatMap((one) => one.team) };
    },
    answer: (states) => ({
      status,
      body: { user: toUser(userId, states.user), invitationLink: linkOf(accountId, token) },
      headers: { 'cache-control': 'no-store' },
    }),
  });
};

/** At most one command, by whether the user is new. */
type CommandsFor = (isNew: boolean) => readonly UserCommand[];

const inviteUser = commandRoute({
  method: 'POST',
  path: '/v1/users',
  summary: 'Invite a user by a link',
  holdsSecret: true,
  body: z.strictObject({ email, name, role: z.enum(ROLES) }),
  answers: { 201: linkSchema },
  refusals: ['user-exists'],
  command: ({ tenant, body, now }) => {
    const base = { userId: userIdOf(body.email), now: now.toISOString() };
    return linkCall({ accountId: tenant, ...base }, 201, () => [{ type: 'InviteUser', ...base, ...body }]);
  },
});

const resetUser = commandRoute({
  method: 'POST',
  path: '/v1/users/{id}/reset',
  summary: 'Make a new link by which a user chooses a password',
  holdsSecret: true,
  params: userParams,
  answers: { 200: linkSchema },
  refusals: ['user-not-found', 'user-disabled'],
  command: ({ tenant, params, now }) =>
    linkCall({ accountId: tenant, userId: params.id, now: now.toISOString() }, 200, () => []),
});

/** The first owner's way in, and the way back when the only owner has lost the password. */
const inviteOwner = commandRoute({
  method: 'POST',
  path: '/v1/accounts/{account}/owner-invitations',
  summary: 'Invite an owner of an account by a link',
  holdsSecret: true,
  params: accountParams,
  body: z.strictObject({ email, name }),
  answers: { 201: linkSchema },
  refusals: ['user-disabled'],
  command: ({ params, body, now }) => {
    const base = { userId: userIdOf(body.email), now: now.toISOString() };
    return linkCall({ accountId: params.account, ...base }, 201, (isNew) => [
      isNew
        ? { type: 'InviteUser', ...base, ...body, role: 'owner' }
        : { type: 'ChangeRole', ...base, role: 'owner' },
    ]);
  },
});

const changeCall = (command: UserCommand) =>
  commandCall({
    keys: {
      user: user.key(command.userId),
      team: team.key(TEAM),
      password: password.key(command.userId),
    },
    decide: (states) => {
      const decided = decide(command, states);
      const ends = decided.user.some(({ type }) => type === 'UserDisabled');
      return { ...decided, password: ends ? SESSIONS_ENDED : [] };
    },
    answer: (states) => ({ status: 200, body: toUser(command.userId, states.user) }),
  });

const SESSIONS_ENDED: readonly PasswordEvent[] = [{ type: 'SessionsEnded', data: {} }];

const disableUser = commandRoute({
  method: 'POST',
  path: '/v1/users/{id}/disable',
  summary: 'Disable a user, with all sessions and keys',
  params: userParams,
  answers: { 200: userSchema },
  refusals: ['user-not-found', 'last-owner'],
  command: ({ params, now }) =>
    changeCall({ type: 'DisableUser', userId: params.id, now: now.toISOString() }),
});

const enableUser = commandRoute({
  method: 'POST',
  path: '/v1/users/{id}/enable',
  summary: 'Enable a user again',
  params: userParams,
  answers: { 200: userSchema },
  refusals: ['user-not-found'],
  command: ({ params, now }) => changeCall({ type: 'EnableUser', userId: params.id, now: now.toISOString() }),
});

const changeRole = commandRoute({
  method: 'PUT',
  path: '/v1/users/{id}/role',
  summary: 'Change what a user may do',
  params: userParams,
  body: z.strictObject({ role: z.enum(ROLES) }),
  answers: { 200: userSchema },
  refusals: ['user-not-found', 'last-owner'],
  command: ({ params, body, now }) =>
    changeCall({ type: 'ChangeRole', userId: params.id, role: body.role, now: now.toISOString() }),
});

export const userApi = [getUsers, inviteUser, resetUser, disableUser, enableUser, changeRole];
export const userStaff = [inviteOwner];

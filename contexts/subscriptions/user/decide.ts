import { lastOwner, userExists, userNotFound } from '../errors.ts';
import type { Team, TeamEvent } from './team.ts';
import { isActive, type Role, type User, type UserData, type UserEvent, user } from './user.ts';

type Base = { readonly userId: string; readonly now: string };
export type InviteUser = Base & { readonly type: 'InviteUser' } & UserData;
/** The user has chosen a password. */
export type JoinUser = Base & { readonly type: 'JoinUser' };
export type DisableUser = Base & { readonly type: 'DisableUser' };
export type EnableUser = Base & { readonly type: 'EnableUser' };
export type ChangeRole = Base & { readonly type: 'ChangeRole'; readonly role: Role };
export type UserCommand = InviteUser | JoinUser | DisableUser | EnableUser | ChangeRole;

export type UserStates = { readonly user: User; readonly team: Team };
export type UserDecision = { readonly user: UserEvent[]; readonly team: TeamEvent[] };

/** What becomes of a user, and with it of the account's owners. @throws DomainError last-owner when none would be left. */
export const decide = (command: UserCommand, states: UserStates): UserDecision => {
  const events = eventsOf(command, states.user);
  const after = events.reduce(user.evolve, states.user);
  return { user: events, team: ownersAfter(command.userId, after, states.team) };
};

const eventsOf = (command: UserCommand, state: User): UserEvent[] => {
  const { userId, now } = command;
  if (command.type === 'InviteUser') return invite(command, state);
  if (state.status === 'none') throw userNotFound(userId);
  switch (command.type) {
    case 'JoinUser':
      return state.joined ? [] : [{ type: 'UserJoined', data: { userId, joinedAt: now } }];
    case 'DisableUser':
    case 'EnableUser':
      return enableOrDisable(command, state.disabledAt !== undefined);
    case 'ChangeRole':
      if (state.role === command.role) return [];
      return [{ type: 'RoleChanged', data: { userId, role: command.role, changedAt: now } }];
  }
};

const enableOrDisable = (
  { type, userId, now }: DisableUser | EnableUser,
  isDisabled: boolean,
): UserEvent[] => {
  const disables = type === 'DisableUser';
  if (disables === isDisabled) return [];
  if (disables) return [{ type: 'UserDisabled', data: { userId, disabledAt: now } }];
  return [{ type: 'UserEnabled', data: { userId, enabledAt: now } }];
};

const invite = ({ userId, email, name, role, now }: InviteUser, state: User): UserEvent[] => {
  if (state.status !== 'none') throw userExists(userId);
  return [{ type: 'UserInvited', data: { userId, email, name, role, invitedAt: now } }];
};

const ownersAfter = (userId: string, after: User, { owners }: Team): TeamEvent[] => {
  const counts = isActive(after) && after.role === 'owner';
  if (counts === owners.includes(userId)) return [];
  if (counts) return [{ type: 'OwnerCounted', data: { userId } }];
  if (owners.length === 1) throw lastOwner(userId);
  return [{ type: 'OwnerLeft', data: { userId } }];
};

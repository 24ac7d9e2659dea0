import { invitationRefused, signInThrottled, userDisabled, userNotFound } from '../errors.ts';
import { decide as decideUser, type UserStates } from '../user/decide.ts';
import type { TeamEvent } from '../user/team.ts';
import { isActive, type User, type UserEvent } from '../user/user.ts';
import { type Attempts, type AttemptsEvent, secondsBlocked } from './attempts.ts';
import type { Invitation, InvitationEvent } from './invitation.ts';
import type { Password, PasswordEvent } from './password.ts';
import type { PasswordHash } from './scrypt.ts';
import type { SessionEvent } from './session.ts';

/** `verified` is the hash that the password was found to match, if it did. */
export type SignIn = {
  readonly userId: string;
  readonly verified: PasswordHash | undefined;
  readonly now: string;
};
export type SignInStates = { readonly user: User; readonly password: Password; readonly attempts: Attempts };
export type SignInDecision = { readonly attempts: AttemptsEvent[]; readonly session: SessionEvent[] };

/** Opens a session, or counts a failure. A right password does not help while attempts are blocked. */
export const signIn = ({ userId, verified, now }: SignIn, states: SignInStates): SignInDecision => {
  const seconds = secondsBlocked(states.attempts, now);
  if (seconds > 0) throw signInThrottled(seconds);
  const { hash, epoch } = states.password;
  // Checked before, and perhaps replaced since.
  const isRight = verified !== undefined && hash?.hash === verified.hash && hash.salt === verified.salt;
  if (!isRight || !isActive(states.user)) {
    return { attempts: [{ type: 'SignInFailed', data: { at: now } }], session: [] };
  }
  return {
    attempts: states.attempts.failures > 0 ? [{ type: 'AttemptsForgotten', data: {} }] : [],
    session: [{ type: 'SessionOpened', data: { userId, epoch, at: now } }],
  };
};

export type MakeLink = { readonly userId: string; readonly tokenHash: string; readonly now: string };
export type LinkDecision = { readonly invitation: InvitationEvent[]; readonly password: PasswordEvent[] };

/** A link takes the place of the one before it. The password before it holds until the link is used. */
export const makeLink = ({ userId, tokenHash, now }: MakeLink, user: User): LinkDecision => {
  if (user.status === 'none') throw userNotFound(userId);
  if (user.disabledAt !== undefined) throw userDisabled(userId);
  return {
    invitation: [{ type: 'InvitationMade', data: { userId, at: now } }],
    password: [{ type: 'LinkMade', data: { invitation: tokenHash } }],
  };
};

export type AcceptLink = {
  readonly userId: string;
  readonly tokenHash: string;
  readonly hash: PasswordHash;
  readonly now: string;
};
export type AcceptStates = UserStates & {
  readonly invitation: Invitation;
  readonly password: Password;
  readonly attempts: Attempts;
};
export type AcceptDecision = {
  readonly user: UserEvent[];
  readonly team: TeamEvent[];
  readonly invitation: InvitationEvent[];
  readonly password: PasswordEvent[];
  readonly attempts: AttemptsEvent[];
};

/** The user has a password by this link, which thereby is used up; all sessions of the user end. */
export const acceptLink = (command: AcceptLink, states: AcceptStates): AcceptDecision => {
  const { userId, tokenHash, hash, now } = command;
  const { invitation, password, user, attempts } = states;
  const holds =
    invitation.status === 'open' &&
    invitation.expiresAt > Date.parse(now) &&
    password.invitation === tokenHash &&
    user.status === 'known' &&
    user.disabledAt === undefined;
  if (!holds) throw invitationRefused();
  return {
    ...decideUser({ type: 'JoinUser', userId, now }, states),
    invitation: [{ type: 'InvitationUsed', data: {} }],
    password: [{ type: 'PasswordSet', data: { hash } }],
    attempts: attempts.failures > 0 ? [{ type: 'AttemptsForgotten', data: {} }] : [],
  };
};

import { invitationRefused, signInThrottled, userDisabled, userNotFound } from '../errors.ts';
import { decide as decideUser, type UserStates } from '../user/decide.ts';
import type { TeamEvent } from '../user/team.ts';
import { isActive, type User, type UserEvent } from '../user/user.ts';
import { type AddressFailed, type AddressFailures, secondsShut } from './address-failures.ts';
import { type Attempts, type AttemptsEvent, secondsBlocked } from './attempts.ts';
import type { Invitation, InvitationEvent } from './invitation.ts';
import type { Password, PasswordEvent } from './password.ts';
import type { PasswordHash } from './scrypt.ts';
import type { Session, SessionEvent } from './session.ts';

/** `verified` is the hash that the password was found to match, if it did. */
export type SignIn = {
  readonly userId: string;
  readonly verified: PasswordHash | undefined;
  readonly now: string;
};
export type SignInStates = {
  readonly user: User;
  readonly password: Password;
  readonly attempts: Attempts;
  /** Of the address that asks, or none where it is not known. */
  readonly addresses: readonly AddressFailures[];
};
export type SignInDecision = {
  readonly user: UserEvent[];
  readonly attempts: AttemptsEvent[];
  readonly addresses: AddressFailed[][];
  readonly session: SessionEvent[];
};

/** Opens a session, or counts a failure. A right password does not help while attempts are blocked. */
export const signIn = ({ userId, verified, now }: SignIn, states: SignInStates): SignInDecision => {
  refuseThrottled(states, now);
  const { hash, epoch } = states.password;
  // Checked before, and perhaps replaced since.
  const isRight = verified !== undefined && hash?.hash === verified.hash && hash.salt === verified.salt;
  if (!isRight || !isActive(states.user)) {
    return {
      user: states.user.status === 'none' ? [] : [{ type: 'UserSignInFailed', data: { userId, at: now } }],
      attempts: [{ type: 'SignInFailed', data: { at: now } }],
      addresses: states.addresses.map(() => [{ type: 'AddressFailed', data: { at: now } }]),
      session: [],
    };
  }
  return {
    user: [{ type: 'UserSignedIn', data: { userId, at: now } }],
    addresses: [],
    attempts: states.attempts.failures > 0 ? [{ type: 'AttemptsForgotten', data: {} }] : [],
    session: [{ type: 'SessionOpened', data: { userId, epoch, at: now } }],
  };
};

/** @throws DomainError sign-in-throttled, for the e-mail or for the address that asks. */
export const refuseThrottled = (
  { attempts, addresses }: Pick<SignInStates, 'attempts' | 'addresses'>,
  now: string,
): void => {
  const waits = [secondsBlocked(attempts, now), ...addresses.map((one) => secondsShut(one, now))];
  const seconds = Math.max(...waits);
  if (seconds > 0) throw signInThrottled(seconds);
};

export type SignOut = { readonly userId: string; readonly now: string };

export const signOut = (
  { userId, now }: SignOut,
  state: Session,
): { readonly session: SessionEvent[]; readonly user: UserEvent[] } =>
  state.status === 'open'
    ? {
        session: [{ type: 'SessionEnded', data: {} }],
        user: [{ type: 'UserSignedOut', data: { userId, at: now } }],
      }
    : { session: [], user: [] };

export const prolong = (state: Session, now: string): SessionEvent[] =>
  state.status === 'open' ? [{ type: 'SessionProlonged', data: { at: now } }] : [];

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

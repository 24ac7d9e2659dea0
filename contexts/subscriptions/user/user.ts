import type { EventOf } from '../../../kit/event/published-language.ts';
import { eventSourced } from '../../../kit/event-store/event-sourced.ts';
import type { subscriptions } from '../contract.ts';

export const ROLES = ['owner', 'billing', 'developer'] as const;
export type Role = (typeof ROLES)[number];

export type UserData = {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
};

/** Others hear only whether a user may use keys; who it is stays here. */
export type UserEvent =
  | EventOf<typeof subscriptions, 'user'>
  | { readonly type: 'UserInvited'; readonly data: UserData & { readonly invitedAt: string } }
  | { readonly type: 'UserJoined'; readonly data: { readonly userId: string; readonly joinedAt: string } }
  | {
      readonly type: 'RoleChanged';
      readonly data: { readonly userId: string; readonly role: Role; readonly changedAt: string };
    }
  /** Nothing becomes of the user by these: they are kept for the audit log. */
  | {
      readonly type: 'UserSignedIn' | 'UserSignInFailed' | 'UserSignedOut';
      readonly data: { readonly userId: string; readonly at: string };
    };

export type KnownUser = UserData & {
  readonly status: 'known';
  /** Has a password, and so can sign in. */
  readonly joined: boolean;
  readonly disabledAt?: string;
  readonly invitedAt: string;
};
export type User = { readonly status: 'none' } | KnownUser;

const evolve = (state: User, event: UserEvent): User => {
  if (event.type === 'UserInvited') return { status: 'known', joined: false, ...event.data };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'UserJoined':
      return { ...state, joined: true };
    case 'RoleChanged':
      return { ...state, role: event.data.role };
    case 'UserDisabled':
      return { ...state, disabledAt: event.data.disabledAt };
    case 'UserEnabled': {
      const { disabledAt: _, ...enabled } = state;
      return enabled;
    }
    default:
      return state;
  }
};

/** A consumer that joins takes a user for enabled unless told otherwise. */
const snapshot = (state: User): UserEvent | undefined => {
  if (state.status === 'none' || state.disabledAt === undefined) return undefined;
  return { type: 'UserDisabled', data: { userId: state.userId, disabledAt: state.disabledAt } };
};

/** Whether the user may sign in and be signed in. */
export const isActive = (state: User): state is KnownUser =>
  state.status === 'known' && state.joined && state.disabledAt === undefined;

export const user = eventSourced<User, UserEvent>({
  kind: 'user',
  initialState: () => ({ status: 'none' }),
  evolve,
  snapshot,
  inline: { collection: 'users', of: (state) => (state.status === 'none' ? undefined : { state }) },
});

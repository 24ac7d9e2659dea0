import { aggregate } from '../../../kit/aggregate/aggregate.ts';
import type { PasswordHash } from './scrypt.ts';

/**
 * A user's password, and the link by which another one may be chosen. State-stored: its hashes are in no event, and
 * what was replaced is gone.
 */
export type Password = {
  /** Counts passwords: a session of an earlier one has ended. */
  readonly epoch: number;
  readonly hash?: PasswordHash;
  /** Hash of the newest link's token; those before it no longer hold. */
  readonly invitation?: string;
};
export type PasswordEvent =
  | { readonly type: 'PasswordSet'; readonly data: { readonly hash: PasswordHash } }
  | { readonly type: 'LinkMade'; readonly data: { readonly invitation: string } }
  /** The user was disabled: not even being enabled again revives sessions or a link. */
  | { readonly type: 'SessionsEnded'; readonly data: Record<string, never> };

const evolve = (state: Password, event: PasswordEvent): Password => {
  switch (event.type) {
    case 'PasswordSet':
      return { epoch: state.epoch + 1, hash: event.data.hash };
    case 'LinkMade':
      return { ...state, invitation: event.data.invitation };
    case 'SessionsEnded':
      return { epoch: state.epoch + 1, ...(state.hash && { hash: state.hash }) };
  }
};

/** By user id. */
export const password = aggregate<Password, PasswordEvent>({
  kind: 'password',
  collection: 'passwords',
  initialState: () => ({ epoch: 0 }),
  evolve,
});

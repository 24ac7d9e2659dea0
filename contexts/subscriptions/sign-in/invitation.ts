import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** A link by which a user chooses a password, once. By the hash of its token. */
export type OpenInvitation = {
  readonly status: 'open';
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
};
export type Invitation =
  | { readonly status: 'none' }
  | { readonly status: 'used'; readonly expiresAt: 0 }
  | OpenInvitation;
export type InvitationEvent =
  | { readonly type: 'InvitationMade'; readonly data: { readonly userId: string; readonly at: string } }
  | { readonly type: 'InvitationUsed'; readonly data: Record<string, never> };

const HOLDS_MS = 3 * 24 * 60 * 60_000;

const evolve = (_: Invitation, event: InvitationEvent): Invitation => {
  if (event.type === 'InvitationUsed') return { status: 'used', expiresAt: 0 };
  const { userId, at } = event.data;
  return { status: 'open', userId, expiresAt: Date.parse(at) + HOLDS_MS };
};

export const invitation = aggregate<Invitation, InvitationEvent>({
  kind: 'invitation',
  collection: 'invitations',
  initialState: () => ({ status: 'none' }),
  evolve,
  indexes: [{ 'state.expiresAt': 1 }],
});

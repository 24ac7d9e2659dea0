import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { subscriptions } from '../subscriptions/contract.ts';

export type CredentialOwnerEvent = EventOf<typeof subscriptions, 'user'>;

/** A user, as far as keys go: while disabled none of their keys works. Users of whom nothing was said are enabled. */
export type CredentialOwner = { readonly disabled: boolean };

export const credentialOwner = aggregate<CredentialOwner, CredentialOwnerEvent>({
  kind: 'credential-owner',
  collection: 'credential-owners',
  initialState: () => ({ disabled: false }),
  evolve: (_, event) => ({ disabled: event.type === 'UserDisabled' }),
});

import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { subscriptions } from '../subscriptions/contract.ts';

/** What subscriptions says of a login key, word for word; nothing of it is published again. */
export type CredentialEvent = EventOf<typeof subscriptions, 'key'>;

export type KnownCredential = {
  readonly status: 'active' | 'disabled';
  readonly keyId: string;
  readonly userId: string;
  /** SHA-256 of the key, hexadecimal. */
  readonly hash: string;
  /** What the key was before a rotation, which works until then. */
  readonly previous?: { readonly hash: string; readonly until: string } | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt?: string | undefined;
};

/** A deleted key keeps its document: it must never be filled in again. */
export type Credential = { readonly status: 'unknown' } | { readonly status: 'deleted' } | KnownCredential;

const evolve = (state: Credential, event: CredentialEvent): Credential => {
  if (state.status === 'deleted' || event.type === 'KeyDeleted') return { status: 'deleted' };
  if (event.type === 'KeyCreated') return created(event.data);
  if (state.status === 'unknown') return state;
  switch (event.type) {
    case 'KeyRotated': {
      const { previous: _, ...kept } = state;
      const { hash, previous } = event.data;
      return { ...kept, hash, ...(previous && { previous }) };
    }
    case 'KeyDisabled':
      return { ...state, status: 'disabled' };
    case 'KeyEnabled':
      return { ...state, status: 'active' };
  }
};

const created = (data: Extract<CredentialEvent, { type: 'KeyCreated' }>['data']): KnownCredential => {
  const { keyId, userId, hash, previous, scopes, expiresAt, disabled } = data;
  return {
    status: disabled ? 'disabled' : 'active',
    keyId,
    userId,
    hash,
    scopes,
    ...(previous && { previous }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
};

export const credential = aggregate<Credential, CredentialEvent>({
  kind: 'credential',
  collection: 'credentials',
  initialState: () => ({ status: 'unknown' }),
  evolve,
});

import type { z } from 'zod';
import type { EventOf } from '../../../kit/event/published-language.ts';
import { eventSourced } from '../../../kit/event-store/event-sourced.ts';
import type { subscriptions } from '../contract.ts';

/** The name is for people of the account; the front door need not know it. */
export type KeyEvent =
  | EventOf<typeof subscriptions, 'key'>
  | { readonly type: 'KeyNamed'; readonly data: { readonly keyId: string; readonly name: string } };

export type KeyData = z.output<typeof subscriptions.events.KeyCreated.schema>;
export type LiveKey = KeyData & {
  readonly status: 'live';
  readonly name: string;
  readonly rotatedAt?: string;
};
export type LoginKey = { readonly status: 'none' } | { readonly status: 'deleted' } | LiveKey;

const evolve = (state: LoginKey, event: KeyEvent): LoginKey => {
  if (event.type === 'KeyCreated') return { status: 'live', name: '', ...event.data };
  if (state.status !== 'live') return state;
  switch (event.type) {
    case 'KeyNamed':
      return { ...state, name: event.data.name };
    case 'KeyRotated':
      return rotated(state, event.data);
    case 'KeyDisabled':
      return { ...state, disabled: true };
    case 'KeyEnabled':
      return { ...state, disabled: false };
    case 'KeyDeleted':
      return { status: 'deleted' };
  }
};

type Rotated = z.output<typeof subscriptions.events.KeyRotated.schema>;

const rotated = (state: LiveKey, { hash, previous, rotatedAt }: Rotated): LiveKey => {
  const { previous: _, ...rest } = state;
  return { ...rest, hash, rotatedAt, ...(previous && { previous }) };
};

/** A key as a consumer that joins has to know it: made, with what became of it since. */
const snapshot = (state: LoginKey): KeyEvent | undefined => {
  if (state.status !== 'live') return undefined;
  const { status: _, name: __, rotatedAt: ___, ...data } = state;
  return { type: 'KeyCreated', data };
};

export const key = eventSourced<LoginKey, KeyEvent>({
  kind: 'key',
  initialState: () => ({ status: 'none' }),
  evolve,
  snapshot,
  inline: {
    collection: 'keys',
    indexes: [{ tenant: 1, 'state.userId': 1, _id: -1 }],
    of: (state) => (state.status === 'live' ? { state } : undefined),
  },
});

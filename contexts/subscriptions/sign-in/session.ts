import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** Idle for so long, a session ends; each use moves that on. */
export const IDLE_MS = 12 * 60 * 60_000;
/** However much it is used. */
export const LONGEST_MS = 7 * 24 * 60 * 60_000;
/** A use is written down at most so often. */
export const SLIDE_MS = 5 * 60_000;

/** By the hash of its token. Times in epoch milliseconds. */
export type OpenSession = {
  readonly status: 'open';
  readonly userId: string;
  /** The password's that it was opened with. */
  readonly epoch: number;
  readonly openedAt: number;
  readonly expiresAt: number;
};
export type Session =
  | { readonly status: 'none' }
  | { readonly status: 'ended'; readonly expiresAt: 0 }
  | OpenSession;
export type SessionEvent =
  | {
      readonly type: 'SessionOpened';
      readonly data: { readonly userId: string; readonly epoch: number; readonly at: string };
    }
  | { readonly type: 'SessionProlonged'; readonly data: { readonly at: string } }
  | { readonly type: 'SessionEnded'; readonly data: Record<string, never> };

const evolve = (state: Session, event: SessionEvent): Session => {
  if (event.type === 'SessionEnded') return { status: 'ended', expiresAt: 0 };
  const at = Date.parse(event.data.at);
  if (event.type === 'SessionProlonged')
    return state.status === 'open' ? { ...state, expiresAt: at + IDLE_MS } : state;
  const { userId, epoch } = event.data;
  return { status: 'open', userId, epoch, openedAt: at, expiresAt: at + IDLE_MS };
};

export const session = aggregate<Session, SessionEvent>({
  kind: 'session',
  collection: 'sessions',
  initialState: () => ({ status: 'none' }),
  evolve,
  indexes: [{ 'state.expiresAt': 1 }],
});

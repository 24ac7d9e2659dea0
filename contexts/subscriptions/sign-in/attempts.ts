import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** Wrong passwords in a row for one e-mail of one account, whether or not anybody has it. */
export type Attempts = {
  readonly failures: number;
  /** RFC 3339: nobody signs in before. */
  readonly blockedUntil?: string;
  /** Epoch milliseconds after which this may be forgotten. */
  readonly forgetAt?: number;
};
export type AttemptsEvent =
  | { readonly type: 'SignInFailed'; readonly data: { readonly at: string } }
  | { readonly type: 'AttemptsForgotten'; readonly data: Record<string, never> };

const FREE_FAILURES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const KEPT_MS = 24 * 60 * 60_000;

/** Nothing for four failures, then 1 s, 2 s, 4 s … 15 min. */
export const waitAfter = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_MS);

const evolve = (state: Attempts, event: AttemptsEvent): Attempts => {
  if (event.type === 'AttemptsForgotten') return { failures: 0, forgetAt: 0 };
  const at = Date.parse(event.data.at);
  const failures = state.failures + 1;
  const wait = waitAfter(failures);
  return {
    failures,
    ...(wait > 0 && { blockedUntil: new Date(at + wait).toISOString() }),
    forgetAt: at + KEPT_MS,
  };
};

/** Whole seconds to wait; 0 when none. */
export const secondsBlocked = ({ blockedUntil }: Attempts, now: string): number =>
  blockedUntil === undefined
    ? 0
    : Math.max(0, Math.ceil((Date.parse(blockedUntil) - Date.parse(now)) / 1_000));

/** By user id, which also an e-mail without a user has. */
export const attempts = aggregate<Attempts, AttemptsEvent>({
  kind: 'attempts',
  collection: 'attempts',
  initialState: () => ({ failures: 0 }),
  evolve,
  indexes: [{ 'state.forgetAt': 1 }],
});

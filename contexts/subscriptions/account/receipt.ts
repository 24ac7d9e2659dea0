import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** What was done about a cause: it is not done again. */
export type Receipt = {
  readonly isTaken: boolean;
  readonly amount?: number;
  /** RFC 3339; what has none is kept for good. */
  readonly expiresAt?: string;
};
export type ReceiptEvent = {
  readonly type: 'CauseTaken';
  readonly data: { readonly amount?: number; readonly expiresAt?: string };
};

/** Causes of entries, by their name: `window/<id>`, `top-up/<reference>`. Those of windows expire. */
export const receipt = aggregate<Receipt, ReceiptEvent>({
  kind: 'receipt',
  collection: 'receipts',
  initialState: () => ({ isTaken: false }),
  evolve: (_, { data }) => ({ isTaken: true, ...data }),
  indexes: [{ 'state.expiresAt': 1 }],
});

const DAY_MS = 86_400_000;
/** More than the 35 days for which a window may be told again. */
const KEPT_DAYS = 40;

export const takenUntil = (time: string): ReceiptEvent => ({
  type: 'CauseTaken',
  data: { expiresAt: new Date(Date.parse(time) + KEPT_DAYS * DAY_MS).toISOString() },
});
export const takenForGood = (amount: number): ReceiptEvent => ({ type: 'CauseTaken', data: { amount } });

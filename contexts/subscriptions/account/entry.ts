import { accountNotFound, amountTooLarge, currencyMismatch, currencyUnknown } from '../errors.ts';
import { termsNow } from '../pricing/terms.ts';
import type { Account, AccountEvent, ChargedFor, Entry } from './account.ts';
import { type Given, planOf } from './standing.ts';

export type Cause = { readonly cause: string; readonly now: string };

/** The next entry of the ledger. @throws DomainError amount-too-large */
export const entryOf = (state: Account, { cause, now }: Cause, amount: number): Entry => {
  const balance = state.balance + amount;
  if (!Number.isSafeInteger(balance)) throw amountTooLarge();
  return { entryId: String(state.entries + 1), cause, amount: amount + 0, balance, at: now };
};

/** An account has one currency: that of the first plan with a price, or of the first money. */
export const inCurrency = (state: Account, currency: string): AccountEvent[] => {
  if (state.currency === undefined) return [{ type: 'CurrencySet', data: { currency } }];
  if (state.currency !== currency) throw currencyMismatch(currency, state.currency);
  return [];
};

/** The account's currency, or the one that it will have. @throws DomainError currency-unknown */
export const currencyOf = (state: Account, { prices, now }: Given): string => {
  const currency = state.currency ?? termsNow(prices, planOf(state, now))?.prices?.currency;
  if (currency === undefined) throw state.status === 'none' ? accountNotFound() : currencyUnknown();
  return currency;
};

export type Charge = Cause & {
  readonly amount: number;
  readonly currency: string;
  readonly for: ChargedFor;
};

/** Nothing is entered for what costs nothing. */
export const charge = (state: Account, { amount, currency, ...charged }: Charge): AccountEvent[] => {
  if (amount === 0) return [];
  const entry = entryOf(state, charged, -amount);
  return [...inCurrency(state, currency), { type: 'Charged', data: { ...entry, for: charged.for } }];
};

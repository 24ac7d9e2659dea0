import { moneyText, monthText, numberText } from './money.ts';
import type { ChargedFor, Entry } from './wire.ts';

const NAMES: Readonly<Record<string, string>> = {
  ToppedUp: 'Payment received',
  Refunded: 'Payment returned',
  Credited: 'Credit',
  CreditExpired: 'Credit expired',
  Corrected: 'Correction',
};

export const titleOf = ({ type, for: used }: Entry): string => {
  if (used === undefined) return NAMES[type] ?? type;
  return used.meter === 'base' ? 'Base fee' : `Use of ${used.meter}`;
};

const useText = ({ month, units, unitPrice, meter }: ChargedFor, currency: string): string => {
  const of = monthText(month);
  return meter === 'base'
    ? of
    : `${numberText(units)} × ${moneyText({ amount: unitPrice, currency })}, ${of}`;
};

/** `top-up/2026-17` → `2026-17`: the payment's own number. */
const numberOf = (cause: string): string => cause.slice(cause.indexOf('/') + 1);

export const detailOf = (entry: Entry, currency: string): string => {
  if (entry.for) return useText(entry.for, currency);
  const said = entry.note ?? entry.reason;
  return said ? `${said}, ${numberOf(entry.cause)}` : numberOf(entry.cause);
};

const isSameUse = (one: Entry, other: Entry): boolean =>
  one.type === 'Charged' &&
  other.type === 'Charged' &&
  one.at.slice(0, 10) === other.at.slice(0, 10) &&
  (['month', 'plan', 'meter', 'unitPrice'] as const).every((name) => one.for?.[name] === other.for?.[name]);

const sumOf = (newer: Entry, older: Entry): Entry => ({
  ...newer,
  amount: newer.amount + older.amount,
  ...(newer.for && older.for && { for: { ...newer.for, units: newer.for.units + older.for.units } }),
});

/** Use is charged every 10 s. Charges of a day that follow each other are one line; newest first. */
export const foldCharges = (entries: readonly Entry[]): Entry[] => {
  const folded: Entry[] = [];
  for (const entry of entries) {
    const last = folded.at(-1);
    if (last && isSameUse(last, entry)) folded[folded.length - 1] = sumOf(last, entry);
    else folded.push(entry);
  }
  return folded;
};

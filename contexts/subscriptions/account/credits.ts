/** What is left of a credit that expires. Money without an end is not kept apart. */
export type Credit = { readonly cause: string; readonly remaining: number; readonly expiresAt: string };

type Granted = {
  readonly cause: string;
  readonly amount: number;
  readonly balance: number;
  readonly expiresAt?: string | undefined;
};

/** Of a credit that meets a debt, only what stays in the balance can expire. */
export const granted = (credits: readonly Credit[], entry: Granted): Credit[] => {
  const { cause, amount, balance, expiresAt } = entry;
  const remaining = Math.min(amount, balance);
  if (expiresAt === undefined || remaining <= 0) return [...credits];
  return [...credits, { cause, remaining, expiresAt }].toSorted(
    (one, other) => Date.parse(one.expiresAt) - Date.parse(other.expiresAt),
  );
};

/** Of a balance, what the customer paid in: a credit that expires was given, and is not paid out. */
export const refundable = (balance: number, credits: readonly Credit[]): number =>
  balance - credits.reduce((sum, { remaining }) => sum + remaining, 0);

/** What expires first is used first. Money that is given back by a charge below zero revives none. */
export const consumed = (credits: readonly Credit[], amount: number): Credit[] => {
  let left = Math.max(0, amount);
  return credits.flatMap((credit) => {
    const taken = Math.min(left, credit.remaining);
    left -= taken;
    const remaining = credit.remaining - taken;
    return remaining > 0 ? [{ ...credit, remaining }] : [];
  });
};

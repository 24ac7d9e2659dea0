import { type Account, type AccountEvent, periodFor } from '../account/account.ts';
import { type Cause, charge } from '../account/entry.ts';
import { nextMonth } from '../pricing/month.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { costOf, pricesIn } from '../pricing/terms.ts';
import { type Tally, usedOf } from './consumption.ts';

export type Usage = {
  readonly month: string;
  readonly plan: string;
  readonly meter: string;
  /** More than are tallied yet. */
  readonly units: number;
};
type States = { readonly account: Account; readonly prices: PriceList; readonly tally: Tally };

/**
 * What the units of a month cost by now, less what they were charged: below zero when a plan came back in its month and
 * more is included than was before.
 */
export const chargeUsage = (
  { month, plan, meter, units: more }: Usage,
  { account, prices, tally }: States,
  because: Cause,
): { readonly events: AccountEvent[]; readonly charged: number } => {
  const priced = pricesIn(prices, plan, month);
  const used = usedOf(tally, plan, meter);
  const cost = costOf({ plans: account.plans, prices, month, plan }, meter, used.units + more);
  const amount = cost - used.charged;
  if (priced === undefined || amount === 0) return { events: [], charged: 0 };
  const unitPrice = priced.perUnit[meter] ?? 0;
  const period = periodFor(account, month, nextMonth);
  const units = amount / unitPrice;
  const { currency } = priced;
  const charged = { period, month, plan, meter, units, unitPrice };
  return { events: charge(account, { ...because, amount, currency, for: charged }), charged: amount };
};

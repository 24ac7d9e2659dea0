import { nextMonth, startOf } from './month.ts';
import type { PriceList, Prices } from './price-list.ts';
import { type PlanPeriod, pricesIn } from './terms.ts';

const DAY_MS = 86_400_000;

/** The base fee of one plan for its part of a month. */
export type BaseFee = {
  readonly plan: string;
  /** RFC 3339; without the trial. */
  readonly from: string;
  readonly to: string;
  readonly basePerMonth: number;
  readonly amount: number;
};

export type FeeTerms = {
  readonly prices: PriceList;
  readonly month: string;
  /** When the first subscription began: the trial runs from there. */
  readonly subscribedAt?: string | undefined;
};

/** Base fees of a month, each plan by its share of the month's time. Whoever has a plan all month pays all of it. */
export const baseFees = (periods: readonly PlanPeriod[], terms: FeeTerms): BaseFee[] =>
  periods.flatMap(({ from, plan }, index): BaseFee[] => {
    const prices = pricesIn(terms.prices, plan ?? undefined, terms.month);
    if (plan === null || prices === undefined || prices.basePerMonth === 0) return [];
    const month = { from: startOf(terms.month), to: startOf(nextMonth(terms.month)) };
    const begins = Math.max(Date.parse(month.from), Date.parse(from), endOfTrial(prices, terms));
    const ends = Math.min(Date.parse(month.to), Date.parse(periods[index + 1]?.from ?? month.to));
    if (ends <= begins) return [];
    const share = (ends - begins) / (Date.parse(month.to) - Date.parse(month.from));
    const { basePerMonth } = prices;
    return [{ plan, from: at(begins), to: at(ends), basePerMonth, amount: Math.round(basePerMonth * share) }];
  });

const endOfTrial = ({ trialDays }: Prices, { subscribedAt }: FeeTerms): number =>
  trialDays === 0 || subscribedAt === undefined ? 0 : Date.parse(subscribedAt) + trialDays * DAY_MS;

const at = (milliseconds: number) => new Date(milliseconds).toISOString();

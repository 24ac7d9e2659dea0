import type { PriceList, Prices } from './price-list.ts';
import { type PlanPeriod, partsOf, pricesIn, shareOf } from './terms.ts';

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
  partsOf(periods, terms.month).flatMap(({ plan, begins, ends }): BaseFee[] => {
    const prices = pricesIn(terms.prices, plan, terms.month);
    if (prices === undefined || prices.basePerMonth === 0) return [];
    const from = Math.max(begins, endOfTrial(prices, terms));
    if (ends <= from) return [];
    const { basePerMonth } = prices;
    const amount = Math.round(basePerMonth * shareOf(ends - from, terms.month));
    return [{ plan, from: at(from), to: at(ends), basePerMonth, amount }];
  });

const endOfTrial = ({ trialDays }: Prices, { subscribedAt }: FeeTerms): number =>
  trialDays === 0 || subscribedAt === undefined ? 0 : Date.parse(subscribedAt) + trialDays * DAY_MS;

const at = (milliseconds: number) => new Date(milliseconds).toISOString();

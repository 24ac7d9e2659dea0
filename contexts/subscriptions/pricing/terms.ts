import { nextMonth, startOf } from './month.ts';
import type { PriceList, Prices, Terms } from './price-list.ts';

/** A plan that an account has from then on, by the subscription that leads. */
export type PlanPeriod = { readonly from: string; readonly plan: string | null };

/** The plan that an account has at a time; what was consumed before the first one counts to the first one. */
export const planAt = (periods: readonly PlanPeriod[], time: string): string | undefined => {
  const begun = periods.findLast(({ from }) => Date.parse(from) <= Date.parse(time));
  return (begun ?? periods.find(({ plan }) => plan !== null))?.plan ?? undefined;
};

/**
 * Prices hold for a whole month: those known at its first moment, or, of a plan that is younger, its first ones. So what
 * a month costs does not hang on the order in which its windows and a new price come in.
 */
export const pricesIn = (
  { plans }: PriceList,
  plan: string | undefined,
  month: string,
): Prices | undefined => {
  const versions = plan === undefined ? [] : (plans[plan]?.versions ?? []);
  const start = Date.parse(startOf(month));
  return (versions.findLast(({ from }) => Date.parse(from) <= start) ?? versions[0])?.prices;
};

/** As the operator said it last. */
export const termsNow = ({ plans }: PriceList, plan: string | undefined): Terms | undefined =>
  plan === undefined ? undefined : plans[plan]?.versions.at(-1);

/** A part of a month with one plan, in epoch milliseconds. */
type Part = { readonly plan: string; readonly begins: number; readonly ends: number };

/** The parts of a month, oldest first; the plan that an account has now counts until the month's end. */
export const partsOf = (periods: readonly PlanPeriod[], month: string): Part[] => {
  const [start, end] = [Date.parse(startOf(month)), Date.parse(startOf(nextMonth(month)))];
  return periods.flatMap(({ plan, from }, index): Part[] => {
    const begins = Math.max(start, Date.parse(from));
    const ends = Math.min(end, Date.parse(periods[index + 1]?.from ?? startOf(nextMonth(month))));
    return plan !== null && begins < ends ? [{ plan, begins, ends }] : [];
  });
};

/** How much of a month so much of its time is. */
export const shareOf = (milliseconds: number, month: string): number =>
  milliseconds / (Date.parse(startOf(nextMonth(month))) - Date.parse(startOf(month)));

export type Using = {
  readonly plans: readonly PlanPeriod[];
  readonly prices: PriceList;
  readonly month: string;
  readonly plan: string;
};

/**
 * What so many units of a month cost in all. The first ones are included, as many as the plan's share of the month's
 * time gives: whoever has a plan for a day has a day's part of what it includes, as of its base fee.
 */
export const costOf = ({ plans, prices, month, plan }: Using, meter: string, units: number): number => {
  const priced = pricesIn(prices, plan, month);
  const parts = partsOf(plans, month).filter((part) => part.plan === plan);
  const time = parts.reduce((sum, { begins, ends }) => sum + ends - begins, 0);
  const included = Math.round((priced?.included[meter] ?? 0) * shareOf(time, month));
  return Math.max(0, units - included) * (priced?.perUnit[meter] ?? 0);
};

/** Milliseconds of a duration in days and hours, as plans write it: `P1DT12H`. Nothing that is no such duration. */
export const millisecondsOf = (duration: string): number => {
  const [, days = '0', hours = '0'] = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(duration) ?? [];
  return (Number(days) * 24 + Number(hours)) * 3_600_000;
};

import { startOf } from './month.ts';
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

/** What so many units of a month cost in all: the first ones are included. */
export const costOf = (prices: Prices | undefined, meter: string, units: number): number => {
  const beyond = Math.max(0, units - (prices?.included[meter] ?? 0));
  return beyond * (prices?.perUnit[meter] ?? 0);
};

/** Milliseconds of a duration in days and hours, as plans write it: `P1DT12H`. Nothing that is no such duration. */
export const millisecondsOf = (duration: string): number => {
  const [, days = '0', hours = '0'] = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(duration) ?? [];
  return (Number(days) * 24 + Number(hours)) * 3_600_000;
};

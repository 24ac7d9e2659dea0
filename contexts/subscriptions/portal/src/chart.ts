import type { Consumption } from './wire.ts';

export type Bar = { readonly day: string; readonly units: number };

/** `2026-11` → 30. Months are those of UTC, as invoices have them. */
export const daysOf = (month: string): string[] => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
};

/** Requests are what everybody knows; the others follow by name. */
export const metersOf = ({ totals }: Consumption): string[] =>
  Object.keys(totals).sort((one, other) => rankOf(one) - rankOf(other) || one.localeCompare(other));

const rankOf = (meter: string): number => (meter === 'requests' ? 0 : 1);

/** A bar for each day of the month, whether something was used or not. */
export const barsOf = (consumption: Consumption, meter: string, month: string): Bar[] => {
  const byDay = new Map(consumption.days.map(({ day, units }) => [day, units[meter] ?? 0]));
  return daysOf(month).map((day) => ({ day, units: byDay.get(day) ?? 0 }));
};

/** The next 1, 2 or 5 times a power of ten, so that the lines of the scale have round figures. */
export const roundedUp = (value: number): number => {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= value) ?? 10;
  return Math.max(1, factor * power);
};

export const monthOf = (now: Date): string => now.toISOString().slice(0, 7);

/** The month that is `count` after (or, below zero, before) `month`. */
export const monthsFrom = (month: string, count: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + count, 1)));
};

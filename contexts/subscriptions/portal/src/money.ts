import type { Money } from './wire.ts';

/** The page is in English, so its figures are as well, or a screen reader reads them wrong. */
const LOCALE = 'en-GB';

/** Minor units as people write them: 1234 EUR → €12.34, 1234 JPY → JP¥1,234. */
export const moneyText = ({ amount, currency }: Money): string => {
  const format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  // A minus sign is read aloud, a hyphen may not be.
  return format.format(amount / 10 ** digits).replace('-', '\u2212');
};

export const numberText = (value: number): string => new Intl.NumberFormat(LOCALE).format(value);

/** 12,300 → 12.3k, where there is room for little. */
export const shortNumber = (value: number): string =>
  new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Units of a meter where there is room for little: 12.3k, and bytes as 12.3 MB. */
export const unitsText = (meter: string, value: number): string => {
  if (meter !== 'bytes') return value < 100_000 ? numberText(value) : shortNumber(value);
  const step = value < 1 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const unit = BYTE_UNITS[step] ?? 'byte';
  const format = { style: 'unit', unit, unitDisplay: step === 0 ? 'narrow' : 'short' } as const;
  return new Intl.NumberFormat(LOCALE, { ...format, maximumFractionDigits: 1 }).format(value / 1_000 ** step);
};

/** With a plus where money comes in. */
export const changeText = (change: Money): string => (change.amount > 0 ? '+' : '') + moneyText(change);

const when = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const month = new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' });

export const timeText = (iso: string): string => when.format(new Date(iso));

export const dayText = (iso: string): string => day.format(new Date(iso));

/** 2026-11 → November 2026 */
export const monthText = (of: string): string => month.format(new Date(`${of}-01T00:00:00Z`));

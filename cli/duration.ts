import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A length of time on the command line. */
export type Duration = { readonly text: string; readonly seconds: number };

/** `90s`, `3m`, `1h`, `7d`. @throws InvalidArgumentError, which commander puts behind the option's name. */
export const duration = (text: string): Duration => {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = UNITS[unit];
  if (seconds === undefined) throw new InvalidArgumentError('Write a number and s, m, h or d: 90s, 3m.');
  return { text, seconds: Number(count) * seconds };
};

/** How long ago, in the largest unit of which there are two: `45s`, `119s`, `2m`, `3h`. */
export const age = (since: string | undefined, now: number): string => {
  const then = Date.parse(since ?? '');
  if (Number.isNaN(then)) return '';
  const seconds = Math.max(0, Math.floor((now - then) / 1_000));
  const unit = ['d', 'h', 'm'].find((one) => seconds >= 2 * (UNITS[one] ?? 1)) ?? 's';
  return `${Math.floor(seconds / (UNITS[unit] ?? 1))}${unit}`;
};

import { eventId } from '../../../kit/event/event-id.ts';
import type { UsageEvent } from '../usage.ts';
import type { Count } from './groups.ts';

export type CountedAt = { readonly seconds: number; readonly counts: readonly Count[] };
export type Window = { readonly tenant: string; readonly day: string; readonly data: UsageEvent['data'] };

type Sum = {
  tenant: string;
  meter: string;
  units: number;
  first: number;
  last: number;
  keys: Map<string, number>;
};

const WINDOW_SECONDS = 10;
/** As many as an event tells. */
const MOST_KEYS = 100;

/** When the window begins that such a second is in. */
export const windowOf = (seconds: number): number => seconds - (seconds % WINDOW_SECONDS);

/** Sums counts per account, meter and 10 s. Windows lie on the clock's tens of seconds, so none crosses a day. */
export const windowsOf = (counted: readonly CountedAt[], newId: () => string = eventId): Window[] => {
  const sums = new Map<string, Sum>();
  for (const { seconds, counts } of counted) {
    const first = windowOf(seconds);
    for (const count of counts) addTo(sums, count, { first, seconds });
  }
  return [...sums.values()].map((sum) => toWindow(sum, newId()));
};

type When = { readonly first: number; readonly seconds: number };

const addTo = (
  sums: Map<string, Sum>,
  { tenant, meter, units, key }: Count,
  { first, seconds }: When,
): void => {
  const name = `${tenant} ${meter} ${first}`;
  const sum = sums.get(name) ?? { tenant, meter, units: 0, first, last: first, keys: new Map() };
  sum.units += units;
  sum.last = Math.max(sum.last, seconds);
  if (key !== undefined) sum.keys.set(key, Math.max(sum.keys.get(key) ?? 0, seconds));
  sums.set(name, sum);
};

const toWindow = ({ tenant, meter, units, first, last, keys }: Sum, windowId: string): Window => ({
  tenant,
  day: at(first).slice(0, 10),
  data: {
    windowId,
    meter,
    units,
    from: at(first),
    to: at(Math.min(last + 1, first + WINDOW_SECONDS)),
    keys: [...keys].slice(0, MOST_KEYS).map(([keyId, seconds]) => ({ keyId, lastUsedAt: at(seconds) })),
  },
});

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();

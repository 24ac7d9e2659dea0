import type { z } from 'zod';
import type { cloud } from '../../cloud/contract.ts';
import { type Account, type AccountEvent, accountKey, periodFor } from '../account/account.ts';
import { charge } from '../account/entry.ts';
import { type Receipt, receipt, takenUntil } from '../account/receipt.ts';
import { withStanding } from '../account/standing.ts';
import { windowInFuture } from '../errors.ts';
import { dayOf, monthOf, nextMonth } from '../pricing/month.ts';
import { type PriceList, priceListKey } from '../pricing/price-list.ts';
import { costOf, planAt, pricesIn } from '../pricing/terms.ts';
import { type Consumption, consumption, type Tally, tally } from './consumption.ts';

export type UsageWindow = Omit<z.output<typeof cloud.events.UsageRecorded.schema>, 'keys'>;

export const windowKeys = ({ windowId, meter, from }: UsageWindow) => ({
  account: accountKey(),
  prices: priceListKey(),
  receipt: receipt.key(causeOf(windowId)),
  consumption: consumption.key(`${dayOf(from)}/${meter}`),
  tally: tally.key(`${monthOf(from)}/${meter}`),
});

type States = {
  readonly account: Account;
  readonly prices: PriceList;
  readonly receipt: Receipt;
  readonly consumption: Consumption;
  readonly tally: Tally;
};

const MAX_AHEAD_MS = 24 * 3_600_000;

/**
 * Counts a window once and charges what it costs. A month's cost is a function of the units of the month alone, and a
 * window is charged the difference that it makes: so the sum is the same in whatever order windows come.
 *
 * @throws DomainError window-in-future
 */
export const takeWindow = (window: UsageWindow, states: States, now: string) => {
  const { windowId, meter, units, from, to } = window;
  if (states.receipt.isTaken) return {};
  if (Date.parse(to) > Date.parse(now) + MAX_AHEAD_MS) throw windowInFuture(windowId, to);
  const plan = planAt(states.account.plans, from) ?? '';
  return {
    receipt: [takenUntil(later(now, to))],
    consumption: [{ type: 'UnitsConsumed', data: { day: dayOf(from), meter, units } } as const],
    tally: [{ type: 'UnitsTallied', data: { plan, units } } as const],
    account: withStanding(states.account, chargeOf(window, { ...states, plan, now }), {
      prices: states.prices,
      now,
    }),
  };
};

type Charging = States & { readonly plan: string; readonly now: string };

const chargeOf = (
  window: UsageWindow,
  { account, tally: before, prices, plan, now }: Charging,
): AccountEvent[] => {
  const { windowId, meter, units, from } = window;
  const month = monthOf(from);
  const priced = pricesIn(prices, plan, month);
  if (priced === undefined) return [];
  const used = before.byPlan[plan] ?? 0;
  const amount = costOf(priced, meter, used + units) - costOf(priced, meter, used);
  const unitPrice = priced.perUnit[meter] ?? 0;
  if (amount === 0) return [];
  const period = periodFor(account, month, nextMonth);
  const charged = { period, month, plan, meter, units: amount / unitPrice, unitPrice };
  return charge(account, {
    cause: causeOf(windowId),
    now,
    amount,
    currency: priced.currency,
    for: charged,
  });
};

const causeOf = (windowId: string) => `window/${windowId}`;
const later = (one: string, other: string) => (Date.parse(one) > Date.parse(other) ? one : other);

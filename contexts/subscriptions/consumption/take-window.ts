import type { z } from 'zod';
import type { cloud } from '../../cloud/contract.ts';
import { type Account, accountKey } from '../account/account.ts';
import { type Receipt, receipt, takenUntil } from '../account/receipt.ts';
import { withStanding } from '../account/standing.ts';
import { windowInFuture } from '../errors.ts';
import { dayOf, monthOf } from '../pricing/month.ts';
import { type PriceList, priceListKey } from '../pricing/price-list.ts';
import { planAt } from '../pricing/terms.ts';
import { chargeUsage } from './charge-usage.ts';
import { type Consumption, consumption, type Tally, tally } from './consumption.ts';

export type UsageWindow = Omit<z.output<typeof cloud.events.UsageRecorded.schema>, 'keys'>;

export const windowKeys = ({ windowId, meter, from }: UsageWindow) => ({
  account: accountKey(),
  prices: priceListKey(),
  receipt: receipt.key(causeOf(windowId)),
  consumption: consumption.key(`${dayOf(from)}/${meter}`),
  tally: tally.key(monthOf(from)),
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
 * Counts a window once and charges what it costs. A month's cost is a function of its units and plans alone, and a
 * window is charged what is missing of it: so the sum is the same in whatever order windows come.
 *
 * @throws DomainError window-in-future
 */
export const takeWindow = (window: UsageWindow, states: States, now: string) => {
  const { windowId, meter, units, from, to } = window;
  const { account, prices } = states;
  if (states.receipt.isTaken) return {};
  if (Date.parse(to) > Date.parse(now) + MAX_AHEAD_MS) throw windowInFuture(windowId, to);
  const plan = planAt(account.plans, from) ?? '';
  const usage = { month: monthOf(from), plan, meter, units };
  const { events, charged } = chargeUsage(usage, states, { cause: causeOf(windowId), now });
  return {
    receipt: [takenUntil(later(now, to))],
    consumption: [{ type: 'UnitsConsumed', data: { day: dayOf(from), meter, units } } as const],
    tally: [{ type: 'UsageTallied', data: { plan, meter, units, charged } } as const],
    account: withStanding(account, events, { prices, now }),
  };
};

const causeOf = (windowId: string) => `window/${windowId}`;
const later = (one: string, other: string) => (Date.parse(one) > Date.parse(other) ? one : other);

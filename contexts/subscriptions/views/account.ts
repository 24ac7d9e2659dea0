import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { existing } from '../account/decide.ts';
import { planOf } from '../account/standing.ts';
import { LOCK_REASONS } from '../contract.ts';
import { monthOf } from '../pricing/month.ts';
import type { PriceList } from '../pricing/price-list.ts';
import { pricesIn, termsNow } from '../pricing/terms.ts';

const pricesSchema = z.object({
  currency: z.string(),
  basePerMonth: z.int(),
  perUnit: z.record(z.string(), z.int()),
  included: z.record(z.string(), z.int()),
  trialDays: z.int(),
});
export const planSchema = z.object({
  plan: z.string(),
  displayName: z.string(),
  prices: pricesSchema.optional(),
  overdraft: z.object({ amount: z.int(), grace: z.string() }).optional(),
});
export const plansSchema = z.object({ items: z.array(planSchema) });

export const accountSchema = z.object({
  account: z.string(),
  displayName: z.string(),
  status: z.enum(['open', 'locked', 'closed']),
  lockReasons: z.array(z.enum(LOCK_REASONS)),
  balance: z.object({ amount: z.int(), currency: z.string() }),
  plan: z.string().optional(),
  /** Prices that hold this month. */
  prices: pricesSchema.optional(),
  overdraft: z.object({ amount: z.int(), grace: z.string(), since: z.string().optional() }).optional(),
  credits: z.array(z.object({ cause: z.string(), remaining: z.int(), expiresAt: z.string() })),
  subscriptions: z.array(
    z.object({ subscriptionId: z.string(), name: z.string(), plan: z.string(), state: z.string() }),
  ),
  unpaidInvoices: z.array(z.string()),
  openedAt: z.string().optional(),
});
type AccountView = z.output<typeof accountSchema>;

/** @throws DomainError account-not-found */
export const toAccount = (
  tenant: string,
  state: Account,
  { prices, now }: { prices: PriceList; now: Date },
): AccountView => {
  existing(state);
  const time = now.toISOString();
  const plan = planOf(state, time);
  const priced = pricesIn(prices, plan, monthOf(time));
  const overdraft = termsNow(prices, plan)?.overdraft;
  const since = state.overdrawnSince ?? undefined;
  return accountSchema.parse({
    account: tenant,
    displayName: state.displayName,
    status: statusOf(state),
    lockReasons: state.lockReasons,
    balance: { amount: state.balance, currency: state.currency ?? priced?.currency ?? 'EUR' },
    ...(plan !== undefined && { plan }),
    ...(priced !== undefined && { prices: priced }),
    ...(overdraft !== undefined && { overdraft: { ...overdraft, ...(since !== undefined && { since }) } }),
    credits: state.credits,
    subscriptions: Object.entries(state.subscriptions).map(([subscriptionId, one]) => ({
      subscriptionId,
      ...one,
    })),
    unpaidInvoices: state.unpaid,
    openedAt: state.openedAt,
  });
};

const statusOf = ({ status, lockReasons }: Account) => {
  if (status === 'closed') return 'closed';
  return lockReasons.length > 0 ? 'locked' : 'open';
};

/** What may be chosen now. */
export const toPlans = ({ plans }: PriceList) => ({
  items: Object.entries(plans)
    .filter(([, { withdrawn }]) => !withdrawn)
    .map(([plan, { displayName, versions }]) => {
      const terms = versions.at(-1);
      return planSchema.parse({ plan, displayName, prices: terms?.prices, overdraft: terms?.overdraft });
    }),
});

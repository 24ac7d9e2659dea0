import { z } from 'zod';
import { reading } from '../../kit/event/published-language.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { platform } from '../../operator/events/language.ts';
import { cloud } from '../cloud/contract.ts';
import { accountKey } from './account/account.ts';
import { decide } from './account/decide.ts';
import { takeWindow, windowKeys } from './consumption/take-window.ts';
import { planChange, refuse } from './plan-change/plan-change.ts';
import { listPlan, priceListKey } from './pricing/price-list.ts';

const onTenantProvisioned = reaction(
  reading(platform.events.TenantProvisioned, (tenant) =>
    tenant.pick({ displayName: true, owner: true, suspended: true }),
  ),
  {
    keys: () => ({ account: accountKey(), prices: priceListKey() }),
    on: ({ data, time: now }, { account, prices }) => ({
      account: decide({ type: 'FollowTenant', ...data }, account, { prices, now }),
    }),
  },
);

/** The account stays to be read: its ledger and invoices outlive the tenant. */
const onTenantRemoved = reaction(
  reading(platform.events.TenantRemoved, (tenant) => tenant.pick({ tenantId: true })),
  {
    keys: () => ({ account: accountKey(), prices: priceListKey() }),
    on: ({ time: now }, { account, prices }) => {
      if (account.status === 'none') return {};
      return {
        account: decide({ type: 'CloseAccount', reason: 'tenant-removed' }, account, { prices, now }),
      };
    },
  },
);

const onSubscriptionChanged = reaction(
  reading(platform.events.SubscriptionChanged, (subscription) =>
    subscription.pick({ subscriptionId: true, name: true, plan: true, state: true, refusedChange: true }),
  ),
  {
    keys: ({ data }) => ({
      account: accountKey(),
      prices: priceListKey(),
      change: planChange.key(data.subscriptionId),
    }),
    on: ({ data: { refusedChange, ...data }, time: now }, { account, prices, change }) => ({
      account: decide({ type: 'FollowSubscription', ...data }, account, { prices, now }),
      change: refuse(refusedChange, change),
    }),
  },
);

const units = z.record(z.string(), z.int());

/** `included` and `trialDays` are read as optional: a release of the operator before them says neither. */
const termsRead = z.object({
  plan: z.string(),
  displayName: z.string().optional(),
  prices: z
    .object({
      currency: z.string(),
      basePerMonth: z.int(),
      perUnit: units,
      included: units.default({}),
      trialDays: z.int().min(0).default(0),
    })
    .optional(),
  overdraft: z.object({ amount: z.int(), grace: z.string() }),
  withdrawn: z.boolean(),
});

const onPlanChanged = reaction(
  reading(platform.events.PlanChanged, () => termsRead),
  {
    keys: () => ({ prices: priceListKey() }),
    on: ({ data, time: from }, { prices }) => {
      const { plan, displayName = plan, withdrawn, overdraft } = data;
      const terms = { from, overdraft, ...(data.prices !== undefined && { prices: data.prices }) };
      return { prices: listPlan({ plan, displayName, withdrawn, terms }, prices) };
    },
  },
);

/** By this process's clock: one that tells of tomorrow's usage has a wrong one, and its event is parked. */
const onUsageRecorded = reaction(
  reading(cloud.events.UsageRecorded, (window) => window.omit({ keys: true })),
  {
    keys: ({ data }) => windowKeys(data),
    on: ({ data }, states) => takeWindow(data, states, new Date().toISOString()),
  },
);

export const accountReactions = [
  onTenantProvisioned,
  onTenantRemoved,
  onSubscriptionChanged,
  onPlanChanged,
  onUsageRecorded,
];

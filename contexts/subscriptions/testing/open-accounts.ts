import type { CommandHandler } from '../../../kit/aggregate/command-handler.ts';
import { type AccountEvent, accountKeyIn } from '../account/account.ts';
import { decide } from '../account/decide.ts';
import { listPlan, priceListKey } from '../pricing/price-list.ts';
import { aPrice } from './prices.ts';

/** The plans `starter` and `gold`, alike, which let nobody owe anything. */
export const listPlans = (commands: CommandHandler, from: string) => {
  const terms = { from, prices: aPrice(), overdraft: { amount: 0, grace: 'P0D' } };
  const listed = { plan: 'starter', displayName: 'Starter', withdrawn: false, terms };
  return commands.handle(
    {
      keys: { prices: priceListKey() },
      decide: ({ prices }) => ({
        prices: [...listPlan(listed, prices), ...listPlan({ ...listed, plan: 'gold' }, prices)],
      }),
    },
    { tenant: 'platform', cause: {} },
  );
};

/** Accounts that have had the plan `starter` since then, by the subscription `s1`. */
export const openAccounts = (commands: CommandHandler, tenants: readonly string[], since: string) =>
  commands.handle(
    {
      keys: { accounts: tenants.map(accountKeyIn), prices: priceListKey() },
      decide: ({ accounts, prices }) => ({
        accounts: accounts.map((state, index): AccountEvent[] => {
          const given = { prices, now: since };
          const displayName = tenants[index] ?? '';
          const follow = { type: 'FollowTenant', displayName, owner: 'o', suspended: false } as const;
          const data = {
            ...{ subscriptionId: 's1', name: 'main', plan: 'starter', state: 'Active' as const, since },
          };
          return [
            ...decide(follow, state, given),
            { type: 'SubscriptionFollowed', data },
            { type: 'PlanAssigned', data: { from: since, plan: 'starter' } },
          ];
        }),
      }),
    },
    { tenant: 'platform', cause: {} },
  );

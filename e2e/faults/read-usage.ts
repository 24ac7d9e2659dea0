import type { Db } from 'mongodb';
import { GROUPS, type UsageGroup } from '../../contexts/cloud/metering/groups.ts';
import type { Account } from '../../contexts/subscriptions/account/account.ts';
import { type Consumption, consumption } from '../../contexts/subscriptions/consumption/consumption.ts';
import { LEDGER_TYPES } from '../../contexts/subscriptions/views/ledger.ts';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { EVENTS, type EventDocument } from '../../kit/event-store/events.ts';
import type { LedgerEntry, UsageEffects } from './history.ts';

type Databases = ReadonlyMap<string, Db>;

const NONE: UsageEffects = { waiting: [], entries: [], balances: [], consumed: [] };

/** Reads what the front door counted of the tenants and what subscriptions charged them. */
export const readUsage = async (databases: Databases, tenants: readonly string[]): Promise<UsageEffects> => {
  const [cloud, subscriptions] = [databases.get('cloud'), databases.get('subscriptions')];
  if (cloud === undefined || subscriptions === undefined) return NONE;
  const ours = { tenant: { $in: [...tenants] } };
  const groups = await cloud.collection<UsageGroup>(GROUPS).find().toArray();
  const entries = await subscriptions
    .collection<EventDocument>(EVENTS)
    .find({ ...ours, kind: 'account', type: { $in: [...LEDGER_TYPES] } })
    .toArray();
  const accounts = await subscriptions
    .collection<AggregateDocument<Account>>('accounts')
    .find(ours)
    .toArray();
  const consumed = await subscriptions
    .collection<AggregateDocument<Consumption>>(consumption.collection)
    .find(ours)
    .toArray();
  return {
    waiting: groups.flatMap(({ counts }) => counts),
    entries: entries.map(({ tenant, data }) => ({ ...(data as Omit<LedgerEntry, 'tenant'>), tenant })),
    balances: accounts.map(({ tenant, state }) => ({ tenant, amount: state.balance })),
    consumed: consumed.map(({ tenant, state }) => ({ tenant, ...state })),
  };
};

import { aggregate } from '../../kit/aggregate/aggregate.ts';
import { reaction } from '../../kit/inbox/reaction.ts';
import { subscriptions } from './upstream.ts';

const { AccountLocked, AccountUnlocked } = subscriptions.events;

/** How a tenant's account stands, as far as anybody has said. */
export type Standing = { readonly locked: boolean; readonly reasons: readonly string[] };

type StandingHeard = { readonly type: 'StandingHeard'; readonly data: Standing };

export const account = aggregate<Standing | { readonly locked?: undefined }, StandingHeard>({
  kind: 'account',
  collection: 'accounts',
  initialState: () => ({}),
  evolve: (_, { data }) => data,
});

/** A tenant has one account. */
export const ACCOUNT = 'account';
const keys = () => ({ account: account.key(ACCOUNT) });
const heard = (data: Standing) => ({ account: [{ type: 'StandingHeard', data } as const] });

export const accountReactions = [
  reaction(AccountLocked, { keys, on: ({ data: { reasons } }) => heard({ locked: true, reasons }) }),
  reaction(AccountUnlocked, { keys, on: () => heard({ locked: false, reasons: [] }) }),
];

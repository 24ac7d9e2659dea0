import { z } from 'zod';
import { aggregate } from '../../../kit/aggregate/aggregate.ts';
import type { BoundedContext } from '../../../kit/context/context.ts';
import type { EventOf } from '../../../kit/event/published-language.ts';
import { commandCall, commandRoute } from '../../../kit/rest/route.ts';
import { subscriptions as language } from '../../../operator/events/upstream.ts';

type AccountEvent = EventOf<typeof language, 'account'>;
type Account = { readonly locked: boolean };

const account = aggregate<Account, AccountEvent>({
  kind: 'account',
  collection: 'accounts',
  initialState: () => ({ locked: false }),
  evolve: (_, { type }) => ({ locked: type === 'AccountLocked' }),
});
const keys = { account: account.key('account') };
const answers = { 200: z.object({ locked: z.boolean() }) };
const answer = (states: { account: Account }) => ({ status: 200, body: states.account });

const lock = commandRoute({
  method: 'POST',
  path: '/v1/account/lock',
  summary: 'Lock the account',
  body: z.strictObject({ reasons: z.array(z.string()) }),
  answers,
  command: ({ body }) =>
    commandCall({
      keys,
      decide: () => ({ account: [{ type: 'AccountLocked' as const, data: body }] }),
      answer,
    }),
});

const unlock = commandRoute({
  method: 'POST',
  path: '/v1/account/unlock',
  summary: 'Unlock the account',
  answers,
  command: () =>
    commandCall({
      keys,
      decide: () => ({ account: [{ type: 'AccountUnlocked' as const, data: {} }] }),
      answer,
    }),
});

/** Speaks the part of the subscriptions context towards the operator, in the language that the operator reads. */
export const subscriptions: BoundedContext = {
  name: 'subscriptions',
  version: '0.1.0',
  scope: 'Platform',
  publishes: language,
  upstreams: [],
  aggregates: [account],
  api: [lock, unlock],
  reactions: [],
};

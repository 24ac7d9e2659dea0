import { z } from 'zod';
import { pageQuery } from '../../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../../kit/rest/route.ts';
import { planChange, requestChange } from '../plan-change/plan-change.ts';
import { priceListKey } from '../pricing/price-list.ts';
import { accountSchema, plansSchema, toAccount, toPlans } from '../views/account.ts';
import { ledgerPageSchema, listEntries } from '../views/ledger.ts';
import { accountKey } from './account.ts';
import { decide } from './decide.ts';

const accountKeys = () => ({ account: accountKey(), prices: priceListKey() });

/** A read of the account as it is stored: it decides nothing. */
const getAccount = commandRoute({
  method: 'GET',
  path: '/v1/account',
  summary: 'Show the account: balance, plan, and whether it is locked',
  answers: { 200: accountSchema },
  refusals: ['account-not-found'],
  command: ({ tenant, now }) =>
    commandCall({
      keys: accountKeys(),
      decide: () => ({}),
      answer: ({ account, prices }) => ({ status: 200, body: toAccount(tenant, account, { prices, now }) }),
    }),
});

const getPlans = commandRoute({
  method: 'GET',
  path: '/v1/plans',
  summary: 'List the plans that may be chosen',
  answers: { 200: plansSchema },
  command: () =>
    commandCall({
      keys: { prices: priceListKey() },
      decide: () => ({}),
      answer: ({ prices }) => ({ status: 200, body: toPlans(prices) }),
    }),
});

const postPlanChange = commandRoute({
  method: 'POST',
  path: '/v1/account/plan-change',
  summary: 'Ask for another plan, at once or from the next month on',
  body: z.strictObject({
    subscriptionId: z.string().min(1).max(100),
    plan: z.string().min(1).max(63),
    when: z.enum(['now', 'next-period']).default('now'),
  }),
  answers: {
    202: z.object({
      subscriptionId: z.string(),
      plan: z.string(),
      status: z.string(),
      due: z.string().optional(),
    }),
  },
  refusals: ['account-closed', 'subscription-not-found', 'plan-not-offered'],
  command: ({ body, now }) =>
    commandCall({
      keys: { ...accountKeys(), change: planChange.key(body.subscriptionId) },
      decide: (states) => ({ change: requestChange(body, states, now.toISOString()) }),
      answer: ({ change }) => ({ status: 202, body: change }),
    }),
});

const postClose = commandRoute({
  method: 'POST',
  path: '/v1/account/close',
  summary: 'Close the account for good',
  body: z.strictObject({ reason: z.string().max(500).default('closed-by-customer') }),
  answers: { 200: accountSchema },
  refusals: ['account-not-found'],
  command: ({ tenant, body, now }) =>
    commandCall({
      keys: accountKeys(),
      decide: ({ account, prices }) => ({
        account: decide({ type: 'CloseAccount', reason: body.reason }, account, {
          prices,
          now: now.toISOString(),
        }),
      }),
      answer: ({ account, prices }) => ({ status: 200, body: toAccount(tenant, account, { prices, now }) }),
    }),
});

const getLedger = queryRoute({
  method: 'GET',
  path: '/v1/ledger',
  summary: 'List the entries of the ledger, newest first',
  query: pageQuery,
  answers: { 200: ledgerPageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listEntries(db, tenant, query) }),
});

export const accountApi = [getAccount, getPlans, postPlanChange, postClose, getLedger];

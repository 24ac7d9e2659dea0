import { z } from 'zod';
import { commandCall, commandRoute, type Route } from '../../../kit/rest/route.ts';
import { causeReused } from '../errors.ts';
import { accountParams, reason } from '../input.ts';
import { priceListKey } from '../pricing/price-list.ts';
import { accountSchema, toAccount } from '../views/account.ts';
import { accountKey } from './account.ts';
import { decide, type Enter } from './decide.ts';
import { currencyOf } from './entry.ts';
import { receipt, takenForGood } from './receipt.ts';

/** What makes a repeated request the same one: the payment's own number. */
const money = z.strictObject({
  amount: z.int().min(1).max(1_000_000_000_000),
  /** The account's own when absent. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  cause: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  note: reason.optional(),
});

type EntryRoute = {
  readonly path: string;
  readonly summary: string;
  readonly type: Enter['type'];
  readonly kind: string;
  readonly body?: z.ZodType<z.output<typeof money> & { readonly expiresAt?: string | undefined }>;
};

const entryRoute = ({ path, summary, type, kind, body: schema = money }: EntryRoute): Route =>
  commandRoute({
    method: 'POST',
    path: `/v1/accounts/{account}/${path}`,
    summary,
    params: accountParams,
    body: schema,
    answers: { 200: accountSchema },
    refusals: [
      'account-not-found',
      'account-closed',
      'balance-too-low',
      'currency-mismatch',
      'cause-reused',
      'currency-unknown',
    ],
    command: ({ params, body, now }) => {
      const cause = `${kind}/${body.cause}`;
      return commandCall({
        tenant: params.account,
        keys: { account: accountKey(), prices: priceListKey(), receipt: receipt.key(cause) },
        decide: (states) => {
          if (states.receipt.isTaken) {
            if (states.receipt.amount !== body.amount) throw causeReused(body.cause);
            return {};
          }
          const given = { prices: states.prices, now: now.toISOString() };
          const currency = body.currency ?? currencyOf(states.account, given);
          return {
            receipt: [takenForGood(body.amount)],
            account: decide({ ...body, type, cause, currency }, states.account, given),
          };
        },
        answer: ({ account: state, prices }) => ({
          status: 200,
          body: toAccount(params.account, state, { prices, now }),
        }),
      });
    },
  });

const lockRoute = (path: string, type: 'SuspectFraud' | 'ClearFraud', summary: string): Route =>
  commandRoute({
    method: 'POST',
    path: `/v1/accounts/{account}/${path}`,
    summary,
    params: accountParams,
    body: z.strictObject({ reason }),
    answers: { 200: accountSchema },
    refusals: ['account-not-found'],
    command: ({ params, body, now }) =>
      commandCall({
        tenant: params.account,
        keys: { account: accountKey(), prices: priceListKey() },
        decide: ({ account: state, prices }) => ({
          account: decide({ type, reason: body.reason }, state, { prices, now: now.toISOString() }),
        }),
        answer: ({ account: state, prices }) => ({
          status: 200,
          body: toAccount(params.account, state, { prices, now }),
        }),
      }),
  });

const correction = money.extend({
  amount: z
    .int()
    .min(-1_000_000_000_000)
    .max(1_000_000_000_000)
    .refine((amount) => amount !== 0, 'must not be 0'),
  note: reason,
});
const credit = money.extend({ expiresAt: z.iso.datetime().optional() });

export const accountStaff = [
  entryRoute({ path: 'top-ups', type: 'TopUp', kind: 'top-up', summary: 'Enter a payment of the customer' }),
  entryRoute({ path: 'refunds', type: 'Refund', kind: 'refund', summary: 'Enter a payment to the customer' }),
  entryRoute({
    path: 'credits',
    type: 'GiveCredit',
    kind: 'credit',
    summary: 'Give a credit, which may expire',
    body: credit,
  }),
  entryRoute({
    path: 'corrections',
    type: 'Correct',
    kind: 'correction',
    summary: 'Put an entry right by a further one',
    body: correction,
  }),
  lockRoute('lock', 'SuspectFraud', 'Lock the account for suspected fraud'),
  lockRoute('unlock', 'ClearFraud', 'Take back the suspicion of fraud'),
];

import { z } from 'zod';
import { commandCall, commandRoute, type Route } from '../../kit/rest/route.ts';
import { accountKey } from './account/account.ts';
import { decide, type Enter } from './account/decide.ts';
import { currencyOf } from './account/entry.ts';
import { receipt, takenForGood } from './account/receipt.ts';
import { causeReused, monthNotOver } from './account-errors.ts';
import { voidInvoice } from './invoice/decide.ts';
import { invoice } from './invoice/invoice.ts';
import { askForRun, runKey } from './invoice/invoice-run.ts';
import { monthOf } from './pricing/month.ts';
import { priceListKey } from './pricing/price-list.ts';
import { accountSchema, toAccount } from './views/account.ts';
import { invoiceSchema, toInvoice } from './views/invoices.ts';

const account = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?$/, "must be a tenant's permanent id");
const accountParams = z.object({ account });
const month = z.string().regex(/^[0-9]{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');
const text = z.string().min(1).max(500);

/** What makes a repeated request the same one: the payment's own number. */
const money = z.strictObject({
  amount: z.int().min(1).max(1_000_000_000_000),
  /** The account's own when absent. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  cause: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  note: text.optional(),
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
    body: z.strictObject({ reason: text }),
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

const postVoid = commandRoute({
  method: 'POST',
  path: '/v1/accounts/{account}/invoices/{id}/void',
  summary: 'Void an invoice; its number stays taken',
  params: z.object({ account, id: month }),
  body: z.strictObject({ reason: text }),
  answers: { 200: invoiceSchema },
  refusals: ['invoice-not-found', 'invoice-not-issued'],
  command: ({ params, body, now }) =>
    commandCall({
      tenant: params.account,
      keys: { account: accountKey(), invoice: invoice.key(params.id) },
      decide: (books) => voidInvoice(params.id, body.reason, { ...books, now: now.toISOString() }),
      answer: (states) => ({ status: 200, body: toInvoice(params.id, states.invoice) }),
    }),
});

const runSchema = z.object({
  status: z.enum(['asked', 'done']),
  period: z.string(),
  stage: z.enum(['draft', 'issue']),
  invoices: z.int(),
  failed: z.array(z.object({ account: z.string(), reason: z.string() })),
});
const runBody = z.strictObject({ period: month, stage: z.enum(['draft', 'issue']).default('issue') });

const postRun = commandRoute({
  method: 'POST',
  path: '/v1/invoice-runs',
  summary: 'Ask for the invoices of a month of all accounts',
  body: runBody,
  answers: { 202: runSchema },
  refusals: ['month-not-over'],
  command: ({ body: { period, stage }, now }) =>
    commandCall({
      tenant: 'platform',
      keys: { run: runKey(period, stage) },
      decide: ({ run }) => {
        if (stage === 'issue' && period >= monthOf(now.toISOString())) throw monthNotOver(period);
        return { run: askForRun(period, stage, run) };
      },
      answer: ({ run }) => ({ status: 202, body: run }),
    }),
});

const correction = money.extend({
  amount: z.int().min(-1_000_000_000_000).max(1_000_000_000_000),
  note: text,
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
  postVoid,
  postRun,
];

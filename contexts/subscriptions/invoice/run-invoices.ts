import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { DomainError } from '../../../kit/aggregate/errors.ts';
import type { JobDeps } from '../../../kit/schedule/schedule.ts';
import { type Account, type AccountEvent, accountKeyIn } from '../account/account.ts';
import type { Given } from '../account/standing.ts';
import { type TallyEvent, tally } from '../consumption/consumption.ts';
import { priceListKey } from '../pricing/price-list.ts';
import { type DecidedMonth, draftMonth, invoiceKeyIn, issueMonth, type MonthBooks } from './decide.ts';
import type { InvoiceEvent } from './invoice.ts';
import type { InvoiceRun } from './invoice-run.ts';
import { issuerKey, numberOf } from './issuer.ts';

export type RunOf = Pick<InvoiceRun, 'period' | 'stage'>;
type Failed = { readonly account: string; readonly reason: string };
type Outcome = { readonly invoices: number; readonly failed: readonly Failed[] };

/** Accounts of one transaction: the number of the issuer is written once for all of them. */
const BATCH = 100;
const MAX_SHOWN = 100;

/** Goes over all accounts. Repeated, it finds those that are done; an account that fails is left out and logged. */
export const runInvoices = async (run: RunOf, deps: JobDeps, now: Date): Promise<Outcome> => {
  const failed: Failed[] = [];
  let invoices = 0;
  let after = '';
  while (!deps.signal.aborted) {
    const tenants = await nextTenants(deps, after);
    const last = tenants.at(-1);
    if (last === undefined) break;
    const outcome = await batchOrHalves(tenants, run, { ...deps, now: now.toISOString() });
    invoices += outcome.invoices;
    failed.push(...outcome.failed);
    after = last;
  }
  for (const { account, reason } of failed)
    deps.logger.error({ account, reason, ...run }, 'cannot invoice account');
  return { invoices, failed: failed.slice(0, MAX_SHOWN) };
};

type Running = JobDeps & { readonly now: string };

const nextTenants = async ({ db }: JobDeps, after: string): Promise<string[]> => {
  const found = await db
    .collection<AggregateDocument<Account>>('accounts')
    .find({ _id: { $gt: after === '' ? '' : `${after}/account` } }, { projection: { tenant: 1 } })
    .sort({ _id: 1 })
    .limit(BATCH)
    .toArray();
  return found.map(({ tenant }) => tenant);
};

/** A batch that cannot be committed is tried in halves, down to the account that is to blame. */
const batchOrHalves = async (tenants: readonly string[], run: RunOf, running: Running): Promise<Outcome> => {
  try {
    return await invoiceBatch(tenants, run, running);
  } catch (error) {
    const [first] = tenants;
    if (first !== undefined && tenants.length === 1)
      return { invoices: 0, failed: [failedFor(first, error)] };
    const half = Math.ceil(tenants.length / 2);
    const one = await batchOrHalves(tenants.slice(0, half), run, running);
    const other = await batchOrHalves(tenants.slice(half), run, running);
    return { invoices: one.invoices + other.invoices, failed: [...one.failed, ...other.failed] };
  }
};

const invoiceBatch = async (
  tenants: readonly string[],
  run: RunOf,
  { commands, now }: Running,
): Promise<Outcome> => {
  let outcome: Outcome = { invoices: 0, failed: [] };
  await commands.handle(
    {
      keys: {
        issuer: issuerKey(),
        prices: priceListKey(),
        accounts: tenants.map(accountKeyIn),
        invoices: tenants.map((tenant) => invoiceKeyIn(tenant, run.period)),
        tallies: tenants.map((tenant) => tally.keyIn(tenant, run.period)),
      },
      decide: ({ issuer, prices, accounts, invoices, tallies }) => {
        const batch = decideBatch(
          run,
          { last: issuer.last, given: { prices, now } },
          tenants.map((tenant, index) => ({
            ...{ tenant, account: accounts[index], invoice: invoices[index], tally: tallies[index] },
          })),
        );
        outcome = batch.outcome;
        const count = batch.taken;
        return {
          issuer: count === 0 ? [] : [{ type: 'NumbersTaken' as const, data: { count } }],
          accounts: batch.decided.map((one): AccountEvent[] => one.account),
          invoices: batch.decided.map((one): InvoiceEvent[] => one.invoice),
          tallies: batch.decided.map((one): TallyEvent[] => one.tally),
        };
      },
    },
    { tenant: 'platform', cause: {}, actor: 'schedule' },
  );
  return outcome;
};

type Books = { readonly [Name in keyof MonthBooks]: MonthBooks[Name] | undefined } & {
  readonly tenant: string;
};

/** An account whose month cannot be decided takes no number. */
const decideBatch = (
  { period, stage }: RunOf,
  { last, given }: { readonly last: number; readonly given: Given },
  all: readonly Books[],
) => {
  const failed: Failed[] = [];
  let taken = 0;
  const decided = all.map(({ tenant, account, invoice, tally }): DecidedMonth => {
    if (account === undefined || invoice === undefined || tally === undefined) return NOTHING;
    const books = { account, invoice, tally };
    try {
      if (stage === 'draft') return draftMonth(period, books, given);
      const one = issueMonth({ month: period, number: numberOf(last + taken + 1) }, books, given);
      if (one.invoice.length > 0) taken += 1;
      return one;
    } catch (error) {
      failed.push(failedFor(tenant, error));
      return NOTHING;
    }
  });
  const invoices = decided.filter((one) => one.invoice.length > 0).length;
  return { decided, taken, outcome: { invoices, failed } };
};

const NOTHING: DecidedMonth = { account: [], invoice: [], tally: [] };

const failedFor = (account: string, error: unknown): Failed => ({
  account,
  reason: error instanceof DomainError ? error.code : error instanceof Error ? error.message : String(error),
});

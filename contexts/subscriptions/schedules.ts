import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import type { JobDeps, Schedule } from '../../kit/schedule/schedule.ts';
import { type Account, accountKey } from './account/account.ts';
import { type AccountCommand, decide } from './account/decide.ts';
import { receipt } from './account/receipt.ts';
import { settle } from './invoice/decide.ts';
import { invoice } from './invoice/invoice.ts';
import { askForRun, type InvoiceRun, invoiceRun, runKey } from './invoice/invoice-run.ts';
import { runInvoices } from './invoice/run-invoices.ts';
import { type PlanChange, planChange, requestWhenDue } from './plan-change/plan-change.ts';
import { monthOf, previousMonth } from './pricing/month.ts';
import { priceListKey } from './pricing/price-list.ts';

const MINUTE = 60_000;
const BY_CLOCK = { cause: {}, actor: 'schedule' } as const;

const accountsWith = ({ db }: JobDeps, filter: object) =>
  db.collection<AggregateDocument<Account>>('accounts').find(filter);

/** One account that fails does not keep the others waiting. */
const each = async <T extends { tenant: string }>(
  found: AsyncIterable<T>,
  { logger, signal }: JobDeps,
  act: (one: T) => Promise<unknown>,
): Promise<void> => {
  for await (const one of found) {
    if (signal.aborted) return;
    try {
      await act(one);
    } catch (error) {
      logger.error({ err: error, account: one.tenant }, 'scheduled work on an account failed');
    }
  }
};

const command = (deps: JobDeps, tenant: string, asked: { command: AccountCommand; now: string }) =>
  deps.commands.handle(
    {
      keys: { account: accountKey(), prices: priceListKey() },
      decide: ({ account, prices }) => ({
        account: decide(asked.command, account, { prices, now: asked.now }),
      }),
    },
    { tenant, ...BY_CLOCK },
  );

/** Of those who owe: a grace that is over, or another rule of the plan, which no event of the account tells. */
const sweepOverdrafts: Schedule = {
  name: 'overdraft-sweep',
  every: MINUTE,
  run: async (deps, now) => {
    const filter = { 'state.balance': { $lt: 0 } };
    await each(accountsWith(deps, filter), deps, ({ tenant }) =>
      command(deps, tenant, { command: { type: 'CheckOverdraft' }, now: now.toISOString() }),
    );
  },
};

const expireCredits: Schedule = {
  name: 'credit-expiry',
  every: 10 * MINUTE,
  run: async (deps, now) => {
    const filter = { 'state.credits.expiresAt': { $lte: now.toISOString() } };
    await each(accountsWith(deps, filter), deps, ({ tenant }) =>
      command(deps, tenant, { command: { type: 'ExpireCredits' }, now: now.toISOString() }),
    );
  },
};

/** Invoices that were issued while money was owed, once none is. */
const settleInvoices: Schedule = {
  name: 'invoice-settlement',
  every: MINUTE,
  run: async (deps, now) => {
    const filter = { 'state.unpaid': { $gt: '' }, 'state.balance': { $gte: 0 } };
    await each(accountsWith(deps, filter), deps, async ({ tenant, state }) => {
      for (const period of state.unpaid) {
        await deps.commands.handle(
          {
            keys: { account: accountKey(), invoice: invoice.key(period) },
            decide: (books) => settle(books, now.toISOString()),
          },
          { tenant, ...BY_CLOCK },
        );
      }
    });
  },
};

/** Asked again every day: who is done is passed over, who was left out has another chance, oldest month first. */
const askFor = (name: string, every: string, stage: InvoiceRun['stage']): Schedule => ({
  name,
  every,
  run: async ({ commands }, now) => {
    const last = previousMonth(monthOf(now.toISOString()));
    for (const period of [previousMonth(last), last]) {
      await commands.handle(
        {
          keys: { run: runKey(period, stage) },
          decide: ({ run }) => ({ run: askForRun(period, stage, run) }),
        },
        { tenant: 'platform', ...BY_CLOCK },
      );
    }
  },
});

/** Runs that the calendar or staff asked for. One that was cut short is still asked for, and goes on. */
const runAsked: Schedule = {
  name: 'invoice-runs',
  every: 5_000,
  run: async (deps, now) => {
    const runs = deps.db.collection<AggregateDocument<InvoiceRun>>(invoiceRun.collection);
    for (const { state } of await runs.find({ 'state.status': 'asked' }).sort({ _id: 1 }).toArray()) {
      const outcome = await runInvoices(state, deps, now);
      if (deps.signal.aborted) return;
      await deps.commands.handle(
        {
          keys: { run: runKey(state.period, state.stage) },
          decide: () => ({ run: [{ type: 'RunDone' as const, data: outcome }] }),
        },
        { tenant: 'platform', ...BY_CLOCK },
      );
    }
  },
};

const requestPlanChanges: Schedule = {
  name: 'plan-changes',
  every: MINUTE,
  run: async (deps, now) => {
    const changes = deps.db.collection<AggregateDocument<PlanChange>>(planChange.collection);
    const due = { 'state.status': 'scheduled' as const, 'state.due': { $lte: now.toISOString() } };
    await each(changes.find(due), deps, ({ tenant, id }) =>
      deps.commands.handle(
        {
          keys: { change: planChange.key(id) },
          decide: ({ change }) => ({ change: requestWhenDue(change, now.toISOString()) }),
        },
        { tenant, ...BY_CLOCK },
      ),
    );
  },
};

const dropReceipts: Schedule = {
  name: 'receipt-expiry',
  every: '30 4 * * *',
  run: async ({ db }, now) => {
    await db.collection(receipt.collection).deleteMany({ 'state.expiresAt': { $lt: now.toISOString() } });
  },
};

/** Late windows have two days before an invoice is issued. */
export const accountSchedules: readonly Schedule[] = [
  sweepOverdrafts,
  expireCredits,
  settleInvoices,
  askFor('invoice-drafts', '10 0 1,2 * *', 'draft'),
  askFor('invoice-issue', '10 3 3-28 * *', 'issue'),
  runAsked,
  requestPlanChanges,
  dropReceipts,
];

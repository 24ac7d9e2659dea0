import { setTimeout as delay } from 'node:timers/promises';
import type { AccountEvent } from '../../contexts/subscriptions/account/account.ts';
import { accountKeyIn } from '../../contexts/subscriptions/account/account.ts';
import { subscriptions } from '../../contexts/subscriptions/contract.ts';
import { type InvoiceRun, invoiceRun } from '../../contexts/subscriptions/invoice/invoice-run.ts';
import { monthOf, previousMonth } from '../../contexts/subscriptions/pricing/month.ts';
import type { AggregateDocument } from '../../kit/aggregate/aggregate.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import type { Bench } from '../ground.ts';
import { PRICED, SUBSCRIPTIONS_DATABASE } from './names.ts';
import { openStage, type Stage } from './stage.ts';

const ACCOUNTS = 10_000;
const BATCH = 100;
const LOOK_MS = 50;
const PATIENCE_MS = 300_000;

/** From the request of staff for the invoices of last month until each account has its own. */
export const invoices: Bench = {
  names: ['invoices.seconds'],
  run: async (ground) => {
    const stage = await openStage(ground);
    const period = previousMonth(monthOf(new Date().toISOString()));
    ground.say(`opening ${ACCOUNTS.toLocaleString('en-US')} accounts`);
    await openAccounts(stage, period);
    await askForRun(stage, period);
    const since = performance.now();
    const { invoices: issued, failed } = await untilDone(stage, period);
    const value = (performance.now() - since) / 1_000;
    if (issued !== ACCOUNTS || failed.length > 0)
      throw new Error(`${issued} of ${ACCOUNTS} invoices were issued; failed: ${JSON.stringify(failed[0])}`);
    const note = `${ACCOUNTS.toLocaleString('en-US')} accounts, charges and base fee; runs are looked for every 5 s`;
    return [{ name: 'invoices.seconds', value, unit: 's', note }];
  },
};

/** By commands, a hundred accounts in each, as the context itself would have written them last month. */
const openAccounts = async ({ client }: Stage, period: string): Promise<void> => {
  const commands = mongoCommandHandler(client, client.db(SUBSCRIPTIONS_DATABASE), subscriptions);
  for (let from = 0; from < ACCOUNTS; from += BATCH) {
    const tenants = Array.from({ length: BATCH }, (_, index) => `customer-${from + index}`);
    const keys = { accounts: tenants.map(accountKeyIn) };
    const decide = () => ({ accounts: tenants.map((tenant) => historyOf(tenant, period)) });
    await commands.handle({ keys, decide }, { tenant: 'platform', cause: {} });
  }
};

const historyOf = (tenant: string, period: string): AccountEvent[] => {
  const at = `${period}-02T00:00:00.000Z`;
  const about = { period, month: period, plan: PRICED, meter: 'requests', units: 120, unitPrice: 1 };
  const topUp = { entryId: '1', cause: 'top-up/1', amount: 10_000, balance: 10_000, at };
  const charge = { entryId: '2', cause: 'window/1', amount: -120, balance: 9_880, at };
  return [
    { type: 'AccountOpened', data: { displayName: tenant, owner: `ada@${tenant}.example`, openedAt: at } },
    { type: 'PlanAssigned', data: { from: at, plan: PRICED } },
    { type: 'CurrencySet', data: { currency: 'EUR' } },
    { type: 'ToppedUp', data: topUp },
    { type: 'Charged', data: { ...charge, for: about } },
  ];
};

const askForRun = async ({ landscape }: Stage, period: string): Promise<void> => {
  const { adminUrl } = landscape.endpoints.get('subscriptions') ?? {};
  const answer = await fetch(`${adminUrl}/v1/invoice-runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ period, stage: 'issue' }),
  });
  if (answer.status !== 202) throw new Error(`no invoices: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
};

const untilDone = async ({ client }: Stage, period: string): Promise<InvoiceRun> => {
  const runs = client
    .db(SUBSCRIPTIONS_DATABASE)
    .collection<AggregateDocument<InvoiceRun>>(invoiceRun.collection);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await runs.findOne({ 'state.period': period, 'state.stage': 'issue' });
    if (found?.state.status === 'done') return found.state;
    if (performance.now() > deadline) throw new Error('the invoice run has not ended');
    await delay(LOOK_MS);
  }
};

import { deepEqual, equal } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type ServedContext, serveContext } from '../../../kit/context/testing/serve-context.ts';
import { testServers } from '../../../local/servers/for-tests.ts';
import { subscriptions } from '../context.ts';
import { monthOf, previousMonth, startOf } from '../pricing/month.ts';
import { listPlans, openAccounts } from '../testing/open-accounts.ts';
import { runInvoices } from './run-invoices.ts';

const ENTRY = fileURLToPath(new URL('../testing/invoice-process.ts', import.meta.url));
const period = previousMonth(monthOf(new Date().toISOString()));
const SINCE = startOf(period);
const COUNT = 230;
const nameOf = (n: number) => `a${String(n).padStart(3, '0')}`;
const tenants = Array.from({ length: COUNT }, (_, n) => nameOf(n));

describe('a run of invoices', () => {
  let served: ServedContext;
  beforeEach(async () => {
    served = await serveContext(subscriptions);
    await listPlans(served.commands, SINCE);
    await openAccounts(served.commands, tenants, SINCE);
  });
  afterEach(() => served.stop());

  const run = () => {
    const { db, commands } = served;
    const deps = { db, commands, logger: pino({ level: 'silent' }), signal: new AbortController().signal };
    return runInvoices({ period, stage: 'issue' }, deps, new Date());
  };
  const events = (type: string) => served.db.collection('events').find({ type }).toArray();
  const numbers = async () =>
    (await events('InvoiceIssued')).map(({ data }) => Number(data.number.slice('CAD-'.length)));
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
  const sorted = (all: readonly number[]) => all.toSorted((one, other) => one - other);

  it('gives each account one invoice and leaves no gap, however many run at once', async () => {
    const outcomes = await Promise.all([run(), run(), run()]);
    equal(
      outcomes.reduce((sum, { invoices }) => sum + invoices, 0),
      COUNT,
    );
    deepEqual(sorted(await numbers()), upTo(COUNT));
    equal(new Set((await events('InvoiceIssued')).map(({ tenant }) => tenant)).size, COUNT);
    equal((await events('Charged')).length, COUNT);
  });

  it('goes on without a gap after its process was killed', async () => {
    const { mongodbUri } = await testServers();
    const args = [ENTRY, mongodbUri, served.db.databaseName, period];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const exited = once(child, 'exit');
    while ((await numbers()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await exited;
    const before = await numbers();
    deepEqual(sorted(before), upTo(before.length));
    await run();
    deepEqual(sorted(await numbers()), upTo(COUNT));
    equal((await events('Charged')).length, COUNT);
  });

  it('leaves out an account that cannot be read, alone, and without a number', async () => {
    const broken = nameOf(120);
    const collection = served.db.collection<{ _id: string }>('events');
    const [one] = await collection.find({ type: 'PlanAssigned', tenant: broken }).toArray();
    await collection.updateOne({ _id: one?._id ?? '' }, { $set: { type: 'NobodyKnows' } });
    const { invoices, failed } = await run();
    deepEqual([invoices, failed.map(({ account }) => account)], [COUNT - 1, [broken]]);
    deepEqual(sorted(await numbers()), upTo(COUNT - 1));
    await collection.updateOne({ _id: one?._id ?? '' }, { $set: { type: 'PlanAssigned' } });
    equal((await run()).invoices, 1);
    deepEqual(sorted(await numbers()), upTo(COUNT));
  });
});

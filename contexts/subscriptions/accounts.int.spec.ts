import { deepEqual, equal, match } from 'node:assert/strict';
import { pino } from 'pino';
import { type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import type { JobDeps } from '../../kit/schedule/schedule.ts';
import { takeWindow, windowKeys } from './consumption/take-window.ts';
import { subscriptions } from './context.ts';
import { monthOf, previousMonth, startOf } from './pricing/month.ts';
import { accountSchedules } from './schedules.ts';
import { listPlans, openAccounts } from './testing/open-accounts.ts';
import { type Person, peopleOf } from './testing/people.ts';

const month = monthOf(new Date().toISOString());
const last = previousMonth(month);
const OPENED = startOf(last);
const ACME = 'acme-1a2b3c4d';
/** Its run of the month before failed. Between the others, so that its number would leave a gap. */
const BEHIND = 'behind-1a2b3c4d';
const OTHER = 'other-1a2b3c4d';

describe('accounts over HTTP', () => {
  let served: ServedContext;
  let acme: Person;
  let other: Person;
  before(async () => {
    served = await serveContext(subscriptions);
    await listPlans(served.commands, OPENED);
    await openAccounts(served.commands, [ACME, OTHER], OPENED);
    await openAccounts(served.commands, [BEHIND], startOf(previousMonth(last)));
    acme = await peopleOf(served, ACME).firstOwner();
    other = await peopleOf(served, OTHER).firstOwner();
  });
  after(() => served.stop());

  const used = (
    windowId: string,
    units: number,
    { from = `${last}-03T00:00:00.000Z`, tenant = ACME } = {},
  ) => {
    const window = { windowId, meter: 'requests', units, from, to: from };
    return served.commands.handle(
      {
        keys: windowKeys(window),
        decide: (states) => takeWindow(window, states, new Date().toISOString()),
      },
      { tenant, cause: {} },
    );
  };
  const enter = (path: string, body: object) =>
    served.ask(`POST /v1/accounts/${ACME}/${path}`, { body, staff: true });
  const balance = async () => (await acme.ask('GET /v1/account')).body['balance'];
  const scheduled = async (...names: string[]) => {
    const { db, commands } = served;
    const { signal } = new AbortController();
    const deps: JobDeps = { db, commands, logger: pino({ level: 'silent' }), signal };
    for (const name of names) await accountSchedules.find((one) => one.name === name)?.run(deps, new Date());
  };

  it('shows an account, and that there is none', async () => {
    const { status, body } = await acme.ask('GET /v1/account');
    deepEqual([status, body['status'], body['plan']], [200, 'open', 'starter']);
    deepEqual(body['balance'], { amount: 0, currency: 'EUR' });
    const nobody = await peopleOf(served, 'nobody-1a2b3c4d').firstOwner();
    equal((await nobody.ask('GET /v1/account')).body['code'], 'account-not-found');
  });
  it('enters a payment once by its cause', async () => {
    for (const _ of [1, 2]) {
      equal((await enter('top-ups', { amount: 1_000, cause: 'r1' })).status, 200);
    }
    deepEqual(await balance(), { amount: 1_000, currency: 'EUR' });
    equal((await enter('top-ups', { amount: 2_000, cause: 'r1' })).status, 409);
    equal((await enter('top-ups', { amount: 1, cause: 'r2', currency: 'USD' })).status, 422);
    equal((await enter('refunds', { amount: 1_001, cause: 'r3' })).status, 409);
  });
  it('shows consumption by day and meter', async () => {
    await used('w1', 60, { from: `${last}-02T00:00:00.000Z` });
    await used('w2', 50);
    await used('w2', 50);
    await used('w3', 7, { tenant: OTHER });
    const { body } = await acme.ask(`GET /v1/consumption?month=${last}`);
    deepEqual(body, {
      month: last,
      days: [
        { day: `${last}-02`, units: { requests: 60 } },
        { day: `${last}-03`, units: { requests: 50 } },
      ],
      totals: { requests: 110 },
    });
    deepEqual(await balance(), { amount: 980, currency: 'EUR' });
    equal((await acme.ask('GET /v1/consumption?month=2026-13')).status, 400);
  });
  it('lists the entries of the ledger, newest first, and nothing else that happened', async () => {
    const tenant = 'ledger-1a2b3c4d';
    const owner = await peopleOf(served, tenant).firstOwner();
    const entry = (version: number) => ({
      entryId: String(version),
      cause: `c/${version}`,
      amount: 5,
      balance: 5,
    });
    const stored = ['AccountOpened', 'ToppedUp', 'Credited', 'AccountLocked', 'Refunded'].map(
      (type, index) => ({
        _id: `${tenant}/account/account/${String(index + 1).padStart(10, '0')}` as never,
        type,
        version: index + 1,
        data: { ...entry(index + 1), at: OPENED },
      }),
    );
    await served.db.collection('events').insertMany(stored);
    const first = await owner.ask('GET /v1/ledger?limit=2');
    deepEqual(
      first.body.items.map(({ type, cause }) => [type, cause]),
      [
        ['Refunded', 'c/5'],
        ['Credited', 'c/3'],
      ],
    );
    const next = await owner.ask(`GET /v1/ledger?limit=2&after=${first.body.next}`);
    deepEqual([next.body.items.map(({ type }) => type), next.body.next], [['ToppedUp'], undefined]);
  });
  it('issues the invoices of a month once, without a gap, and prints them', async () => {
    equal((await served.ask('POST /v1/invoice-runs', { body: { period: month }, staff: true })).status, 409);
    for (const _ of [1, 2]) {
      const asked = await served.ask('POST /v1/invoice-runs', { body: { period: last }, staff: true });
      deepEqual([asked.status, asked.body['status']], [202, 'asked']);
      await scheduled('invoice-runs');
    }
    const run = await served.db.collection('invoice-runs').findOne();
    deepEqual(run?.['state'].failed, [{ account: BEHIND, reason: 'earlier-month-open' }]);
    const [mine, others] = await Promise.all(
      [acme, other].map((owner) => owner.ask(`GET /v1/invoices/${last}`)),
    );
    deepEqual([mine?.body['number'], others?.body['number']], ['CAD-00000001', 'CAD-00000002']);
    deepEqual([mine?.body['status'], mine?.body['total']], ['issued', { amount: 3_020, currency: 'EUR' }]);
    equal((await acme.ask('GET /v1/invoices')).body.items.length, 1);
    const page = await acme.ask(`GET /v1/invoices/${last}/page`);
    deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
    match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-\S+';/);
    equal(page.headers.get('cache-control'), 'no-store');
    equal(page.text.includes('Invoice CAD-00000001'), true);
    equal(page.text.includes('€30.20'), true);
    equal((await acme.ask('GET /v1/invoices/2020-01/page')).status, 404);
    equal((await acme.ask('GET /v1/invoices/2020-01')).status, 404);
  });
  it('locks who owes, and unlocks and settles with the payment', async () => {
    deepEqual((await acme.ask('GET /v1/account')).body['lockReasons'], ['overdraft']);
    const paid = await enter('top-ups', { amount: 5_000, cause: 'r4' });
    deepEqual([paid.body['status'], paid.events], ['open', ['subscriptions.account-unlocked.v1']]);
    await scheduled('invoice-settlement');
    equal((await acme.ask(`GET /v1/invoices/${last}`)).body['status'], 'paid');
  });
  it('books what comes late into the month after', async () => {
    await used('w4', 10);
    equal((await acme.ask(`GET /v1/consumption?month=${last}`)).body['totals']?.['requests' as never], 120);
    const { account } = await used('w4', 10);
    deepEqual(
      account.openCharges.map(({ period, units }) => [period, units]),
      [[month, 10]],
    );
  });
  it('locks for fraud and unlocks', async () => {
    const lock = (path: string) => enter(path, { reason: 'stolen card' });
    deepEqual((await lock('lock')).events, ['subscriptions.account-locked.v1']);
    deepEqual((await lock('unlock')).events, ['subscriptions.account-unlocked.v1']);
  });
  it('lets a credit expire', async () => {
    const expiresAt = new Date(Date.now() + 300).toISOString();
    const before = await balance();
    equal((await enter('credits', { amount: 100, cause: 'c1', expiresAt })).status, 200);
    while (Date.now() <= Date.parse(expiresAt)) await new Promise((resolve) => setTimeout(resolve, 50));
    await scheduled('credit-expiry', 'overdraft-sweep', 'plan-changes', 'receipt-expiry');
    deepEqual(await balance(), before);
  });
  it('asks for another plan, at once or from the next month on', async () => {
    const ask = (body: object) =>
      acme.ask('POST /v1/account/plan-change', { subscriptionId: 's1', plan: 'gold', ...body });
    deepEqual((await ask({})).events, ['subscriptions.plan-change-requested.v1']);
    const put = await ask({ when: 'next-period' });
    deepEqual([put.status, put.body['status'], put.events], [202, 'scheduled', []]);
    equal((await ask({ plan: 'ghost' })).status, 422);
    equal((await ask({ subscriptionId: 's2' })).status, 404);
  });
  it('voids an invoice and closes an account', async () => {
    const voided = await enter(`invoices/${last}/void`, { reason: 'x' });
    deepEqual([voided.status, voided.body['status']], [200, 'void']);
    const closed = await acme.ask('POST /v1/account/close', {});
    deepEqual([closed.body['status'], closed.body['lockReasons']], ['closed', ['closed']]);
    equal((await enter('top-ups', { amount: 1, cause: 'r9' })).status, 409);
  });
});

import { deepEqual, equal, throws } from 'node:assert/strict';
import { type Account, type AccountEvent, account } from '../account/account.ts';
import { type Tally, type TallyEvent, tally } from '../consumption/consumption.ts';
import { baseFees } from '../pricing/base-fee.ts';
import { aPrice, aPriceList } from '../testing/prices.ts';
import { type Decided, draftMonth, issueMonth, settle, voidInvoice } from './decide.ts';
import { type Invoice, type InvoiceEvent, invoice } from './invoice.ts';
import { invoicePage } from './page.ts';

const OPENED = '2026-09-01T00:00:00.000Z';
const NOW = '2026-10-03T03:10:00.000Z';
const prices = aPriceList();
const open: AccountEvent[] = [
  { type: 'AccountOpened', data: { displayName: '<Acme>', owner: 'ada', openedAt: OPENED } },
  { type: 'PlanAssigned', data: { from: OPENED, plan: 'starter' } },
];
const inEuro: AccountEvent = { type: 'CurrencySet', data: { currency: 'EUR' } };
const paidIn = (amount: number): AccountEvent => ({
  type: 'ToppedUp',
  data: { entryId: '1', cause: 'top-up/1', amount, balance: amount, at: OPENED },
});
const late: AccountEvent = {
  type: 'Charged',
  data: {
    entryId: '2',
    cause: 'window/1',
    amount: -40,
    balance: 4_960,
    at: OPENED,
    for: { period: '2026-09', month: '2026-08', plan: 'starter', meter: 'requests', units: 20, unitPrice: 2 },
  },
};
const given = (...events: AccountEvent[]): Account =>
  [...open, ...events].reduce(account.evolve, account.initialState());
const booked = (...events: InvoiceEvent[]): Invoice => events.reduce(invoice.evolve, invoice.initialState());
const issued = (state: Account, before = booked(), month = '2026-09') =>
  issueMonth(
    { month, number: 'CAD-00000001' },
    { account: state, invoice: before, tally: tallied() },
    { prices, now: NOW },
  );
const tallied = (...events: TallyEvent[]): Tally => events.reduce(tally.evolve, tally.initialState());
const types = ({ account: one, invoice: other }: Decided) => [...one, ...other].map(({ type }) => type);

describe('issuing the invoice of a month', () => {
  const decided = issued(given(inEuro, paidIn(5_000), late));
  const state = decided.account.reduce(account.evolve, given(inEuro, paidIn(5_000), late));
  const result = booked(...decided.invoice);
  it('charges the base fee and takes its number', () => {
    deepEqual(types(decided), ['Charged', 'MonthInvoiced', 'InvoiceDrafted', 'InvoiceIssued', 'InvoicePaid']);
    deepEqual([state.balance, state.invoicedThrough, state.unpaid], [1_960, '2026-09', []]);
    deepEqual(
      [result.status, result.number, result.total],
      ['paid', 'CAD-00000001', { amount: 3_040, currency: 'EUR' }],
    );
  });
  it('does nothing again, nor for an account that is younger or was closed before', () => {
    deepEqual(types(issued(state, result)), []);
    deepEqual(types(issued(given(), booked(), '2026-08')), []);
    deepEqual(types(issued(account.initialState())), []);
    const closed: AccountEvent = {
      type: 'AccountClosed',
      data: { reason: 'r', closedAt: '2026-08-01T00:00:00Z' },
    };
    deepEqual(types(issued(given(closed))), []);
  });
  it('goes month by month', () => {
    throws(() => issued(given(), booked(), '2026-10'), { code: 'earlier-month-open' });
  });
  it('waits for money where the balance does not cover it, and is paid by what comes', () => {
    const owing = issued(given());
    deepEqual(types(owing).slice(-1), ['InvoiceIssued']);
    const books = {
      account: owing.account.reduce(account.evolve, given()),
      invoice: booked(...owing.invoice),
    };
    deepEqual([books.account.unpaid, types(settle(books, NOW))], [['2026-09'], []]);
    const paying = { ...books, account: [paidIn(0)].reduce(account.evolve, books.account) };
    deepEqual(types(settle(paying, NOW)), ['InvoiceSettled', 'InvoicePaid']);
  });
  it('shows late usage of another month as an adjustment, and nothing of a name as markup', () => {
    const page = invoicePage(result);
    equal(page.includes('requests (adjustment for 2026-08)'), true);
    equal(page.includes('€30.40'), true);
    equal(page.includes('<Acme>'), false);
  });
  it('says on the page whether it is to be paid', () => {
    const pages: [Invoice, string][] = [
      [booked(...decided.invoice.slice(0, 1)), 'Draft: not an invoice yet'],
      [booked(...decided.invoice.slice(0, 2)), 'Open: '],
      [result, 'Paid 2026-10-03'],
      [
        booked(...decided.invoice, {
          type: 'InvoiceVoided',
          data: { number: 'CAD-00000001', reason: 'a <b>', voidedAt: NOW },
        }),
        'Void, not to be paid: a &lt;b&gt;',
      ],
    ];
    for (const [one, said] of pages) equal(invoicePage(one).includes(said), true, said);
  });
});

describe('drafting', () => {
  it('charges nothing, and says again only what is new', () => {
    const books = { account: given(late), invoice: booked(), tally: tallied() };
    const draft = draftMonth('2026-09', books, { prices, now: NOW });
    deepEqual(types(draft), ['InvoiceDrafted']);
    const known = { ...books, invoice: booked(...draft.invoice) };
    deepEqual(types(draftMonth('2026-09', known, { prices, now: NOW })), []);
    equal(known.invoice.total?.amount, 3_040);
  });
});

describe('what a plan includes', () => {
  const half: AccountEvent = { type: 'PlanAssigned', data: { from: '2026-09-16T00:00:00.000Z', plan: null } };
  const used = (units: number, charged: number) =>
    tallied({ type: 'UsageTallied', data: { plan: 'starter', meter: 'requests', units, charged } });
  const closed = (events: AccountEvent[], before: Tally) =>
    issueMonth(
      { month: '2026-09', number: 'CAD-00000001' },
      { account: given(...events), invoice: booked(), tally: before },
      { prices, now: NOW },
    );
  const lines = ({ invoice: events }: Decided) =>
    booked(...events).lines?.map(({ meter, units, amount }) => [meter, units, amount]);
  it('is less where it ended before the month, which the invoice shows', () => {
    const decided = closed([half], used(80, 0));
    deepEqual(lines(decided), [
      ['requests', 30, 60],
      ['base', 1, 1_500],
    ]);
    deepEqual(decided.tally, [
      { type: 'UsageTallied', data: { plan: 'starter', meter: 'requests', units: 0, charged: 60 } },
    ]);
  });
  it('is whole with a whole month', () => {
    deepEqual(lines(closed([], used(100, 0))), [['base', 1, 3_000]]);
  });
  it('gives back what was charged while it was to be less', () => {
    deepEqual(lines(closed([], used(100, 60))), [
      ['requests', -30, -60],
      ['base', 1, 3_000],
    ]);
  });
});

describe('voiding', () => {
  const debt: AccountEvent = { ...late, data: { ...late.data, balance: -40 } };
  const owing = issued(given(debt));
  const books = {
    account: owing.account.reduce(account.evolve, given(debt)),
    invoice: booked(...owing.invoice),
  };
  const voided = (one: Invoice = books.invoice) =>
    voidInvoice({ period: '2026-09', reason: 'wrong' }, { ...books, invoice: one }, { prices, now: NOW });
  it('keeps the number, asks for nothing any more and gives the base fee back by an entry', () => {
    const decided = voided();
    deepEqual(types(decided), ['Corrected', 'InvoiceSettled', 'InvoiceVoided']);
    const { balance, unpaid } = decided.account.reduce(account.evolve, books.account);
    deepEqual([balance - books.account.balance, unpaid], [3_000, []]);
  });
  it('unlocks whoever owed that fee alone', () => {
    const fee = issued(given());
    const only = { account: fee.account.reduce(account.evolve, given()), invoice: booked(...fee.invoice) };
    const decided = voidInvoice({ period: '2026-09', reason: 'r' }, only, { prices, now: NOW });
    deepEqual(only.account.lockReasons, ['overdraft']);
    deepEqual(decided.account.at(-1)?.type, 'AccountUnlocked');
  });
  it('does nothing again', () => {
    deepEqual(types(voided(booked(...owing.invoice, ...voided().invoice))), []);
  });
  it('refuses what is not there or not issued', () => {
    throws(() => voided(booked()), { code: 'invoice-not-found' });
    throws(() => voided(booked(...owing.invoice.slice(0, 1))), { code: 'invoice-not-issued' });
  });
});

describe('base fees', () => {
  const fees = (periods: { from: string; plan: string | null }[], price = aPrice()) =>
    baseFees(periods, { prices: aPriceList(price), month: '2026-09', subscribedAt: periods[0]?.from }).map(
      ({ amount }) => amount,
    );
  it('are whole for a whole month', () => {
    deepEqual(fees([{ from: '2026-01-01T00:00:00Z', plan: 'starter' }]), [3_000]);
  });
  it('are shared by the days of each plan', () => {
    const periods = [
      { from: '2026-01-01T00:00:00Z', plan: 'starter' },
      { from: '2026-09-11T00:00:00Z', plan: null },
      { from: '2026-09-21T00:00:00Z', plan: 'starter' },
    ];
    deepEqual(fees(periods), [1_000, 1_000]);
  });
  it('begin when the trial is over', () => {
    deepEqual(fees([{ from: '2026-09-01T00:00:00Z', plan: 'starter' }], aPrice({ trialDays: 15 })), [1_500]);
    deepEqual(fees([{ from: '2026-09-20T00:00:00Z', plan: 'starter' }], aPrice({ trialDays: 15 })), []);
  });
});

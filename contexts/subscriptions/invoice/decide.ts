import type { Account, AccountEvent, OpenCharge } from '../account/account.ts';
import { account } from '../account/account.ts';
import { charge, entryOf } from '../account/entry.ts';
import { type Given, withStanding } from '../account/standing.ts';
import { chargeUsage } from '../consumption/charge-usage.ts';
import type { Tally, TallyEvent } from '../consumption/consumption.ts';
import { earlierMonthOpen, invoiceNotFound, invoiceNotIssued } from '../errors.ts';
import { baseFees } from '../pricing/base-fee.ts';
import { monthOf, nextMonth } from '../pricing/month.ts';
import { pricesIn } from '../pricing/terms.ts';
import { type Invoice, type InvoiceEvent, type InvoiceLine, invoice } from './invoice.ts';

export type Decided = { readonly account: AccountEvent[]; readonly invoice: InvoiceEvent[] };
export type DecidedMonth = Decided & { readonly tally: TallyEvent[] };
type Books = { readonly account: Account; readonly invoice: Invoice };
/** With what was used in the month. */
export type MonthBooks = Books & { readonly tally: Tally };
const NOTHING: DecidedMonth = { account: [], invoice: [], tally: [] };

/** A draft shows what the invoice would say now; charges that come in meanwhile are in the next one. */
export const draftMonth = (month: string, books: MonthBooks, given: Given): DecidedMonth => {
  if (!isDue(month, books.account)) return NOTHING;
  const { events } = closingOf(month, books, given);
  const drafted = draftOf(month, events.reduce(account.evolve, books.account), given.now);
  return { ...NOTHING, invoice: sameLines(books.invoice, drafted) ? [] : [drafted] };
};

export type Issue = { readonly month: string; readonly number: string };

/** Charges what the month's end shows, issues the invoice, and takes it as paid if the balance covers it. Once per month. */
export const issueMonth = ({ month, number }: Issue, books: MonthBooks, given: Given): DecidedMonth => {
  if (!isDue(month, books.account)) return NOTHING;
  const { now } = given;
  const closing = closingOf(month, books, given);
  const charged = closing.events.reduce(account.evolve, books.account);
  const drafted = draftOf(month, charged, now);
  const isPaid = charged.balance >= 0;
  const { total } = drafted.data;
  const issued: InvoiceEvent = {
    type: 'InvoiceIssued',
    data: { number, period: month, total, issuedAt: now },
  };
  const paid: InvoiceEvent[] = isPaid ? [{ type: 'InvoicePaid', data: { number, paidAt: now } }] : [];
  const done: AccountEvent = { type: 'MonthInvoiced', data: { month, isPaid } };
  return {
    account: withStanding(books.account, [...closing.events, done], given),
    invoice: [...(sameLines(books.invoice, drafted) ? [] : [drafted]), issued, ...paid],
    tally: closing.tally,
  };
};

/**
 * An account that had nothing in a month, neither plan nor charge, still closes it, with an invoice of nothing.
 * @throws DomainError earlier-month-open: months are issued in their order, so that no base fee is left out.
 */
const isDue = (month: string, { status, openedAt, closedAt, invoicedThrough }: Account): boolean => {
  if (status === 'none' || openedAt === undefined) return false;
  const due = invoicedThrough === undefined ? monthOf(openedAt) : nextMonth(invoicedThrough);
  if (month < due || (closedAt !== undefined && monthOf(closedAt) < month)) return false;
  if (month > due) throw earlierMonthOpen(due);
  return true;
};

type Closing = { readonly events: AccountEvent[]; readonly tally: TallyEvent[] };

/** What is known only when a month is over: its base fees, and how much of it each plan had to include. */
const closingOf = (month: string, { account: state, tally }: MonthBooks, given: Given): Closing => {
  const { prices, now } = given;
  const closing: { events: AccountEvent[]; tally: TallyEvent[] } = { events: [], tally: [] };
  for (const [plan, meters] of Object.entries(tally.used)) {
    for (const meter of Object.keys(meters)) {
      const states = { account: closing.events.reduce(account.evolve, state), prices, tally };
      const cause = { cause: `included/${month}/${plan}/${meter}`, now };
      const { events, charged } = chargeUsage({ month, plan, meter, units: 0 }, states, cause);
      closing.events.push(...events);
      if (charged !== 0)
        closing.tally.push({ type: 'UsageTallied', data: { plan, meter, units: 0, charged } });
    }
  }
  const fees = feesOf(month, closing.events.reduce(account.evolve, state), given);
  return { ...closing, events: [...closing.events, ...fees] };
};

const feesOf = (month: string, state: Account, { prices, now }: Given): AccountEvent[] => {
  const subscribedAt = state.plans.find(({ plan }) => plan !== null)?.from;
  const events: AccountEvent[] = [];
  for (const [index, fee] of baseFees(state.plans, { prices, month, subscribedAt }).entries()) {
    const currency = pricesIn(prices, fee.plan, month)?.currency ?? '';
    const about = { period: month, month, plan: fee.plan, meter: 'base', units: 1, unitPrice: fee.amount };
    const cause = `base/${month}/${index}`;
    const so = events.reduce(account.evolve, state);
    events.push(...charge(so, { cause, now, amount: fee.amount, currency, for: about }));
  }
  return events;
};

const draftOf = (month: string, state: Account, now: string) => {
  const lines = state.openCharges.filter(({ period }) => period <= month).map(lineOf);
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  const { displayName, currency = 'EUR' } = state;
  const data = { period: month, displayName, lines, total: { amount, currency }, draftedAt: now };
  return { type: 'InvoiceDrafted', data } as const satisfies InvoiceEvent;
};

const lineOf = ({ period: _, ...line }: OpenCharge): InvoiceLine => line;

const sameLines = (before: Invoice, { data }: { data: { lines: readonly InvoiceLine[] } }) =>
  before.status === 'draft' && JSON.stringify(before.lines) === JSON.stringify(data.lines);

/** Invoices are prepaid: once nothing is owed, the open ones are paid. */
export const settle = (books: Books, now: string): Decided => {
  const { number, period, status } = books.invoice;
  if (status !== 'issued' || number === undefined || period === undefined) return NOTHING;
  if (books.account.balance < 0) return NOTHING;
  return {
    account: [{ type: 'InvoiceSettled', data: { period } }],
    invoice: [{ type: 'InvoicePaid', data: { number, paidAt: now } }],
  };
};

export type Voiding = { readonly period: string; readonly reason: string };

/** It keeps its number. The base fee that issuing it charged goes back; usage was charged before and stays. */
export const voidInvoice = ({ period, reason }: Voiding, books: Books, given: Given): Decided => {
  const { status, number, lines = [] } = books.invoice;
  if (status === 'none') throw invoiceNotFound(period);
  if (status === 'draft' || number === undefined) throw invoiceNotIssued(period);
  if (status === 'void') return NOTHING;
  const { now } = given;
  const settled: AccountEvent[] = books.account.unpaid.includes(period)
    ? [{ type: 'InvoiceSettled', data: { period } }]
    : [];
  const fees = lines.filter(({ meter }) => meter === 'base').reduce((sum, { amount }) => sum + amount, 0);
  const corrected = fees === 0 ? [] : [correction(books.account, fees, { period, reason, now })];
  return {
    account: withStanding(books.account, [...corrected, ...settled], given),
    invoice: [{ type: 'InvoiceVoided', data: { number, reason, voidedAt: now } }],
  };
};

const correction = (
  state: Account,
  amount: number,
  { period, reason, now }: Voiding & { now: string },
): AccountEvent => ({
  type: 'Corrected',
  data: { ...entryOf(state, { cause: `void/${period}`, now }, amount), reason },
});

export const invoiceKeyIn = (tenant: string, period: string) => invoice.keyIn(tenant, period);

import type { Account, AccountEvent, OpenCharge } from '../account/account.ts';
import { account } from '../account/account.ts';
import { charge } from '../account/entry.ts';
import { type Given, withStanding } from '../account/standing.ts';
import { earlierMonthOpen, invoiceNotFound, invoiceNotIssued } from '../errors.ts';
import { baseFees } from '../pricing/base-fee.ts';
import { monthOf, nextMonth } from '../pricing/month.ts';
import { pricesIn } from '../pricing/terms.ts';
import { type Invoice, type InvoiceEvent, type InvoiceLine, invoice } from './invoice.ts';

export type Decided = { readonly account: AccountEvent[]; readonly invoice: InvoiceEvent[] };
type Books = { readonly account: Account; readonly invoice: Invoice };
const NOTHING: Decided = { account: [], invoice: [] };

/** A draft shows what the invoice would say now; charges that come in meanwhile are in the next one. */
export const draftMonth = (
  month: string,
  { account: state, invoice: before }: Books,
  given: Given,
): Decided => {
  if (!isDue(month, state)) return NOTHING;
  const fees = feesOf(month, state, given);
  const drafted = draftOf(month, fees.reduce(account.evolve, state), given.now);
  return { account: [], invoice: sameLines(before, drafted) ? [] : [drafted] };
};

export type Issue = { readonly month: string; readonly number: string };

/** Charges the base fee, issues the invoice, and takes it as paid if the balance covers it. Once per month. */
export const issueMonth = ({ month, number }: Issue, books: Books, given: Given): Decided => {
  if (!isDue(month, books.account)) return NOTHING;
  const { now } = given;
  const fees = feesOf(month, books.account, given);
  const charged = fees.reduce(account.evolve, books.account);
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
    account: withStanding(books.account, [...fees, done], given),
    invoice: [...(sameLines(books.invoice, drafted) ? [] : [drafted]), issued, ...paid],
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

/** It keeps its number. What it charged is put right by entries, and those are no part of it. */
export const voidInvoice = (
  period: string,
  reason: string,
  books: Books & { readonly now: string },
): Decided => {
  const { status, number } = books.invoice;
  if (status === 'none') throw invoiceNotFound(period);
  if (status === 'draft' || number === undefined) throw invoiceNotIssued(period);
  if (status === 'void') return NOTHING;
  const isOpen = books.account.unpaid.includes(period);
  return {
    account: isOpen ? [{ type: 'InvoiceSettled', data: { period } }] : [],
    invoice: [{ type: 'InvoiceVoided', data: { number, reason, voidedAt: books.now } }],
  };
};

export const invoiceKeyIn = (tenant: string, period: string) => invoice.keyIn(tenant, period);

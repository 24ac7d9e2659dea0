import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type PageQuery, pageOf, pageSchema } from '../../../kit/rest/page.ts';
import { invoiceNotFound } from '../errors.ts';
import type { Invoice } from '../invoice/invoice.ts';

const money = z.object({ amount: z.int(), currency: z.string() });
export const invoiceSchema = z.object({
  id: z.string(),
  period: z.string(),
  status: z.enum(['draft', 'issued', 'paid', 'void']),
  number: z.string().optional(),
  displayName: z.string(),
  lines: z.array(
    z.object({
      month: z.string(),
      plan: z.string(),
      meter: z.string(),
      units: z.int(),
      unitPrice: z.int(),
      amount: z.int(),
    }),
  ),
  total: money,
  issuedAt: z.string().optional(),
  paidAt: z.string().optional(),
  reason: z.string().optional(),
});
export const invoicePageSchema = pageSchema(invoiceSchema.omit({ lines: true }));

/** @throws DomainError invoice-not-found */
export const toInvoice = (id: string, state: Invoice) => {
  if (state.status === 'none') throw invoiceNotFound(id);
  return invoiceSchema.parse({ id, ...state });
};

/** @throws DomainError invoice-not-found */
export const findInvoice = async (db: Db, tenant: string, id: string): Promise<Invoice> => {
  const found = await invoicesOf(db).findOne({ _id: `${tenant}/${id}`, tenant });
  if (found === null) throw invoiceNotFound(id);
  return found.state;
};

/** Newest first. */
export const listInvoices = async (db: Db, tenant: string, query: PageQuery) => {
  const before = query.after === undefined ? `${tenant}0` : `${tenant}/${query.after}`;
  const found = await invoicesOf(db)
    .find({ _id: { $gt: `${tenant}/`, $lt: before } })
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .toArray();
  const items = found.map(({ id, state }) => invoiceSchema.omit({ lines: true }).parse({ id, ...state }));
  return pageOf(items, query, ({ id }) => id);
};

/** Written with the invoice's events: what is listed is never behind them. */
const invoicesOf = (db: Db) => db.collection<AggregateDocument<Invoice>>('invoices');

import { z } from 'zod';
import { pageQuery } from '../../../kit/rest/page.ts';
import { commandCall, commandRoute, queryRoute } from '../../../kit/rest/route.ts';
import { accountKey } from '../account/account.ts';
import { monthNotOver } from '../errors.ts';
import { account, month, reason } from '../input.ts';
import { monthOf } from '../pricing/month.ts';
import { priceListKey } from '../pricing/price-list.ts';
import { findInvoice, invoicePageSchema, invoiceSchema, listInvoices, toInvoice } from '../views/invoices.ts';
import { voidInvoice } from './decide.ts';
import { invoice } from './invoice.ts';
import { askForRun, runKey } from './invoice-run.ts';
import { INVOICE_PAGE_HEADERS, invoicePage } from './page.ts';

const period = z.object({ id: month });

const getInvoices = queryRoute({
  method: 'GET',
  path: '/v1/invoices',
  summary: 'List invoices, newest first',
  query: pageQuery,
  answers: { 200: invoicePageSchema },
  read: async ({ tenant, query }, db) => ({ status: 200, body: await listInvoices(db, tenant, query) }),
});

const getInvoice = queryRoute({
  method: 'GET',
  path: '/v1/invoices/{id}',
  summary: 'Show the invoice of a month',
  params: period,
  answers: { 200: invoiceSchema },
  refusals: ['invoice-not-found'],
  read: async ({ tenant, params: { id } }, db) => ({
    status: 200,
    body: toInvoice(id, await findInvoice(db, tenant, id)),
  }),
});

const getInvoicePage = queryRoute({
  method: 'GET',
  path: '/v1/invoices/{id}/page',
  summary: 'Show the invoice of a month as a page to print',
  params: period,
  answers: { 200: z.string() },
  produces: 'text/html',
  refusals: ['invoice-not-found'],
  read: async ({ tenant, params: { id } }, db) => ({
    status: 200,
    body: invoicePage(await findInvoice(db, tenant, id)),
    headers: INVOICE_PAGE_HEADERS,
  }),
});

const postVoid = commandRoute({
  method: 'POST',
  path: '/v1/accounts/{account}/invoices/{id}/void',
  summary: 'Void an invoice and give its base fee back; its number stays taken',
  params: z.object({ account, id: month }),
  body: z.strictObject({ reason }),
  answers: { 200: invoiceSchema },
  refusals: ['invoice-not-found', 'invoice-not-issued'],
  command: ({ params, body, now }) =>
    commandCall({
      tenant: params.account,
      keys: { account: accountKey(), prices: priceListKey(), invoice: invoice.key(params.id) },
      decide: ({ prices, ...books }) =>
        voidInvoice({ period: params.id, ...body }, books, { prices, now: now.toISOString() }),
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

export const invoiceApi = [getInvoices, getInvoice, getInvoicePage];
export const invoiceStaff = [postVoid, postRun];

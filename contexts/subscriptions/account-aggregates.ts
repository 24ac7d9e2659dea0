import { account } from './account/account.ts';
import { receipt } from './account/receipt.ts';
import { consumption, tally } from './consumption/consumption.ts';
import { invoice } from './invoice/invoice.ts';
import { invoiceRun } from './invoice/invoice-run.ts';
import { issuer } from './invoice/issuer.ts';
import { planChange } from './plan-change/plan-change.ts';
import { priceList } from './pricing/price-list.ts';

export const accountAggregates = [
  account,
  receipt,
  consumption,
  tally,
  invoice,
  invoiceRun,
  issuer,
  planChange,
  priceList,
];

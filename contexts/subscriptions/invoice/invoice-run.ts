import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** A run over all accounts, `2026-10/issue` of the tenant `platform`. It may be asked for again: it is idempotent. */
export type InvoiceRun = {
  readonly status: 'none' | 'asked' | 'done';
  readonly period: string;
  readonly stage: 'draft' | 'issue';
  readonly invoices: number;
  /** Accounts that were left out, the first hundred of them. */
  readonly failed: readonly { readonly account: string; readonly reason: string }[];
};
export type RunEvent =
  | { readonly type: 'RunAsked'; readonly data: Pick<InvoiceRun, 'period' | 'stage'> }
  | { readonly type: 'RunDone'; readonly data: Pick<InvoiceRun, 'invoices' | 'failed'> };

export const invoiceRun = aggregate<InvoiceRun, RunEvent>({
  kind: 'invoice-run',
  collection: 'invoice-runs',
  initialState: () => ({ status: 'none', period: '', stage: 'draft', invoices: 0, failed: [] }),
  evolve: (state, event) =>
    event.type === 'RunAsked'
      ? { ...state, ...event.data, status: 'asked' }
      : { ...state, ...event.data, status: 'done' },
  indexes: [{ 'state.status': 1 }],
});

export const runKey = (period: string, stage: InvoiceRun['stage']) =>
  invoiceRun.keyIn('platform', `${period}.${stage}`);

export const askForRun = (period: string, stage: InvoiceRun['stage'], { status }: InvoiceRun): RunEvent[] =>
  status === 'asked' ? [] : [{ type: 'RunAsked', data: { period, stage } }];

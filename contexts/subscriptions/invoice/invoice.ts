import type { EventOf } from '../../../kit/event/published-language.ts';
import { eventSourced } from '../../../kit/event-store/event-sourced.ts';
import type { OpenCharge } from '../account/account.ts';
import type { subscriptions } from '../contract.ts';

/** A charge of the period; `month` is an earlier one where usage came in after that one's invoice was issued. */
export type InvoiceLine = Omit<OpenCharge, 'period'>;
export type Money = { readonly amount: number; readonly currency: string };

type Drafted = {
  readonly period: string;
  readonly displayName: string;
  readonly lines: readonly InvoiceLine[];
  readonly total: Money;
  readonly draftedAt: string;
};

export type InvoiceEvent =
  | EventOf<typeof subscriptions, 'invoice'>
  | { readonly type: 'InvoiceDrafted'; readonly data: Drafted };

export type Invoice = Partial<Drafted> & {
  readonly status: 'none' | 'draft' | 'issued' | 'paid' | 'void';
  readonly number?: string;
  readonly issuedAt?: string;
  readonly paidAt?: string;
  readonly reason?: string;
};

const evolve = (state: Invoice, event: InvoiceEvent): Invoice => {
  switch (event.type) {
    case 'InvoiceDrafted':
      return { ...state, status: 'draft', ...event.data };
    case 'InvoiceIssued':
      return { ...state, status: 'issued', number: event.data.number, issuedAt: event.data.issuedAt };
    case 'InvoicePaid':
      return { ...state, status: 'paid', paidAt: event.data.paidAt };
    case 'InvoiceVoided':
      return { ...state, status: 'void', reason: event.data.reason };
  }
};

/** The invoice of an account's month; its id is the month, `2026-10`. */
export const invoice = eventSourced<Invoice, InvoiceEvent>({
  kind: 'invoice',
  initialState: () => ({ status: 'none' }),
  evolve,
  inline: {
    collection: 'invoices',
    of: (state) => (state.status === 'none' ? undefined : { state }),
  },
});

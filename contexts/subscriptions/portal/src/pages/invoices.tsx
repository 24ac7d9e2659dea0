import { moneyText, monthText } from '../money.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useList } from '../use-list.ts';
import type { Invoice } from '../wire.ts';

const TONES: Readonly<Record<string, Tone>> = { paid: 'good', issued: 'warn', void: 'bad' };

export const Invoices = () => (
  <Page title="Invoices">
    <Table
      caption="Invoices"
      list={useList<Invoice>('/v1/invoices')}
      idOf={({ id }) => id}
      whenEmpty="There is no invoice yet. One is made of each month, in the first days of the next."
      columns={[
        { title: 'Period', cell: ({ period }) => monthText(period) },
        { title: 'Number', cell: ({ number }) => number ?? 'None yet' },
        { title: 'State', cell: ({ status }) => <Badge tone={TONES[status] ?? 'plain'} text={status} /> },
        { title: 'Total', isFigure: true, cell: ({ total }) => moneyText(total) },
        {
          title: 'Page',
          cell: ({ id, period }) => (
            <a
              href={`/v1/invoices/${encodeURIComponent(id)}/page`}
              target="_blank"
              rel="noreferrer"
              aria-label={`Print the invoice of ${monthText(period)} (new window)`}
            >
              Print
            </a>
          ),
        },
      ]}
    />
  </Page>
);

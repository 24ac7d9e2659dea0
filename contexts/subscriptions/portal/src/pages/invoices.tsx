import { moneyText } from '../money.ts';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useList } from '../use-list.ts';
import type { Invoice } from '../wire.ts';

export const Invoices = () => (
  <Page title="Invoices">
    <Table
      caption="Invoices"
      list={useList<Invoice>('/v1/invoices')}
      idOf={({ id }) => id}
      whenEmpty="There is no invoice yet."
      columns={[
        { title: 'Period', cell: ({ period }) => period },
        { title: 'Number', cell: ({ number }) => number ?? '' },
        { title: 'State', cell: ({ status }) => status },
        { title: 'Total', isFigure: true, cell: ({ total }) => moneyText(total) },
        {
          title: 'Print',
          cell: ({ id, period }) => (
            <a href={`/v1/invoices/${encodeURIComponent(id)}/page`}>Page to print for {period}</a>
          ),
        },
      ]}
    />
  </Page>
);

import { detailOf, foldCharges, titleOf } from '../ledger.ts';
import { changeText, dayText, moneyText } from '../money.ts';
import { Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { Tile, Tiles } from '../parts/tile.tsx';
import { useList } from '../use-list.ts';
import { useResource } from '../use-resource.ts';
import type { Account, Entry } from '../wire.ts';

const REFRESH_MS = 5_000;

export const Balance = () => {
  const { data, failure } = useResource<Account>('/v1/account', REFRESH_MS);
  const list = useList<Entry>('/v1/ledger?limit=200', REFRESH_MS);
  const currency = data?.balance.currency ?? 'EUR';
  const money = (amount: number) => moneyText({ amount, currency });
  const items = list.items && foldCharges(list.items);
  return (
    <Page title="Balance">
      <Failure text={failure} />
      {data && (
        <Tiles>
          <Tile
            title="Balance"
            value={moneyText(data.balance)}
            tone={data.balance.amount < 0 ? 'bad' : 'plain'}
          >
            {data.overdraft && `Overdraft of up to ${money(data.overdraft.amount)}`}
          </Tile>
          <Tile title="Invoices to pay" value={String(data.unpaidInvoices.length)}>
            {data.unpaidInvoices.length === 0 ? 'All are paid' : 'A payment settles them'}
          </Tile>
        </Tiles>
      )}
      <Table
        caption="Ledger"
        list={{ ...list, items }}
        idOf={({ entryId }) => entryId}
        whenEmpty="Nothing was entered yet."
        columns={[
          { title: 'Date', cell: ({ at }) => dayText(at) },
          {
            title: 'What',
            cell: (entry) => (
              <>
                {titleOf(entry)} <span class="hint">{detailOf(entry, currency)}</span>
              </>
            ),
          },
          { title: 'Amount', isFigure: true, cell: ({ amount }) => changeText({ amount, currency }) },
          { title: 'Balance after', isFigure: true, cell: ({ balance }) => money(balance) },
        ]}
      />
    </Page>
  );
};

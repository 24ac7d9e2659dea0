import { moneyText, timeText } from '../money.ts';
import { Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useList } from '../use-list.ts';
import { useResource } from '../use-resource.ts';
import type { Account, Entry } from '../wire.ts';

/** ToppedUp → Topped up */
const words = (type: string): string =>
  type.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const Balance = () => {
  const account = useResource<Account>('/v1/account', 2_000);
  const list = useList<Entry>('/v1/ledger');
  const currency = account.data?.balance.currency ?? 'EUR';
  return (
    <Page title="Balance">
      <Failure text={account.failure} />
      {account.data && (
        <p class="big">
          <span class="hint">Balance </span>
          {moneyText(account.data.balance)}
        </p>
      )}
      {account.data && account.data.lockReasons.length > 0 && (
        <p class="failure">The account is locked: {account.data.lockReasons.join(', ')}.</p>
      )}
      <button type="button" onClick={list.reload}>
        Read the ledger again
      </button>
      <Table
        caption="Ledger"
        list={list}
        idOf={({ entryId }) => entryId}
        whenEmpty="Nothing was entered yet."
        columns={[
          { title: 'When', cell: ({ at }) => timeText(at) },
          { title: 'What', cell: ({ type }) => words(type) },
          { title: 'Cause', cell: ({ cause }) => cause },
          { title: 'Amount', isFigure: true, cell: ({ amount }) => moneyText({ amount, currency }) },
          {
            title: 'Balance after',
            isFigure: true,
            cell: ({ balance }) => moneyText({ amount: balance, currency }),
          },
        ]}
      />
    </Page>
  );
};

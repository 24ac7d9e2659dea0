import { useState } from 'preact/hooks';
import { barsOf, metersOf, monthOf, monthsFrom } from '../chart.ts';
import { moneyText, monthText, numberText } from '../money.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { Choice, Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { Tile, Tiles } from '../parts/tile.tsx';
import { useResource } from '../use-resource.ts';
import type { Account, Consumption } from '../wire.ts';

const REFRESH_MS = 2_000;
const MONTHS = 13;

type SummaryProps = { readonly account: Account; readonly totals: Consumption['totals'] };

const Summary = ({ account, totals }: SummaryProps) => {
  const included = Object.entries(account.prices?.included ?? {});
  return (
    <Tiles>
      <Tile
        title="Balance"
        value={moneyText(account.balance)}
        tone={account.balance.amount < 0 ? 'bad' : 'plain'}
      />
      <Tile title="Plan" value={account.plan ?? 'None'} />
      {included.map(([meter, units]) => {
        const used = totals[meter] ?? 0;
        const left = Math.max(0, units - used);
        return (
          <Tile key={meter} title={`Included ${meter} left`} value={numberText(left)}>
            <progress max={units} value={Math.min(used, units)} aria-label={`Included ${meter} used`} />
            {numberText(Math.min(used, units))} of {numberText(units)} used
          </Tile>
        );
      })}
    </Tiles>
  );
};

export const ConsumptionPage = () => {
  const thisMonth = monthOf(new Date());
  const [month, setMonth] = useState(thisMonth);
  const { data, failure } = useResource<Consumption>(`/v1/consumption?month=${month}`, REFRESH_MS);
  const { data: account } = useResource<Account>('/v1/account', REFRESH_MS);
  const months = Array.from({ length: MONTHS }, (_, back) => monthsFrom(thisMonth, -back));
  const meters = data ? metersOf(data) : [];
  return (
    <Page
      title="Consumption"
      aside={
        <Choice
          label="Month"
          name="month"
          value={month}
          onPick={setMonth}
          options={months.map((one) => [one, monthText(one)])}
        />
      }
    >
      <Failure text={failure} />
      {!data && !failure && <p>Loading …</p>}
      {data && account && month === thisMonth && <Summary account={account} totals={data.totals} />}
      {data && meters.length === 0 && <p class="card empty">Nothing was used in this month.</p>}
      {data &&
        meters.map((meter) => (
          <BarChart
            key={meter}
            meter={meter}
            bars={barsOf(data, meter, month)}
            total={data.totals[meter] ?? 0}
          />
        ))}
    </Page>
  );
};

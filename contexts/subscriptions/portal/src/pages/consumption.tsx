import { useState } from 'preact/hooks';
import { barsOf, metersOf, monthOf, monthsFrom } from '../chart.ts';
import { moneyText, monthText, unitsText } from '../money.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { Choice, Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { Tile, Tiles } from '../parts/tile.tsx';
import { useList } from '../use-list.ts';
import { useResource } from '../use-resource.ts';
import type { Account, Consumption, Plan } from '../wire.ts';

const REFRESH_MS = 2_000;
const MONTHS = 13;

type IncludedProps = { readonly meter: string; readonly units: number; readonly used: number };

const Included = ({ meter, units, used }: IncludedProps) => {
  const within = Math.min(used, units);
  return (
    <Tile title={`Included ${meter} left`} value={unitsText(meter, units - within)}>
      <progress max={units} value={within} aria-label={`Included ${meter} used`} />
      {unitsText(meter, within)} of {unitsText(meter, units)} used
      {used > units && `, and ${unitsText(meter, used - units)} beyond`}
    </Tile>
  );
};

type SummaryProps = { readonly account: Account; readonly totals: Consumption['totals'] };

const Summary = ({ account, totals }: SummaryProps) => {
  const { items: plans } = useList<Plan>('/v1/plans');
  const { plan = 'None', prices, balance } = account;
  const displayName = plans ? (plans.find((one) => one.plan === plan)?.displayName ?? plan) : '…';
  const fee = prices && moneyText({ amount: prices.basePerMonth, currency: prices.currency });
  return (
    <Tiles>
      <Tile title="Balance" value={moneyText(balance)} tone={balance.amount < 0 ? 'bad' : 'plain'}>
        {balance.amount < 0 ? 'Owed' : 'Prepaid'}
      </Tile>
      <Tile title="Plan" value={displayName}>
        {fee && `${fee} a month`}
      </Tile>
      {Object.entries(prices?.included ?? {}).map(([meter, units]) => (
        <Included key={meter} meter={meter} units={units} used={totals[meter] ?? 0} />
      ))}
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

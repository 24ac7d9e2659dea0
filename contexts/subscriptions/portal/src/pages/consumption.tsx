import { useState } from 'preact/hooks';
import { barsOf, metersOf, monthOf, monthsFrom } from '../chart.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { Choice, Failure } from '../parts/controls.tsx';
import { Page } from '../parts/page.tsx';
import { useResource } from '../use-resource.ts';
import type { Consumption } from '../wire.ts';

const REFRESH_MS = 2_000;

export const ConsumptionPage = () => {
  const [month, setMonth] = useState(() => monthOf(new Date()));
  const { data, failure } = useResource<Consumption>(`/v1/consumption?month=${month}`, REFRESH_MS);
  const months = Array.from({ length: 13 }, (_, back) => monthsFrom(monthOf(new Date()), -back));
  const meters = data ? metersOf(data) : [];
  return (
    <Page title="Consumption">
      <Choice
        label="Month"
        name="month"
        value={month}
        onPick={setMonth}
        options={months.map((one) => [one, one])}
      />
      <Failure text={failure} />
      {!data && !failure && <p>Loading …</p>}
      {data && meters.length === 0 && <p>Nothing was used in this month.</p>}
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

import { useId } from 'preact/hooks';
import { type Bar, roundedUp } from '../chart.ts';
import { numberText, unitsText } from '../money.ts';

const WIDTH = 640;
const HEIGHT = 210;
const LEFT = 80;
const BOTTOM = 30;
const TOP = 18;

type BarChartProps = { readonly meter: string; readonly bars: readonly Bar[]; readonly total: number };

const heightOf = (units: number, top: number): number => ((HEIGHT - BOTTOM - TOP) * units) / top;

const Scale = ({ top, meter }: { readonly top: number; readonly meter: string }) => (
  <g class="scale">
    {[0, 0.5, 1].map((share) => {
      const y = HEIGHT - BOTTOM - heightOf(share * top, top);
      return (
        <g key={share}>
          <line x1={LEFT} x2={WIDTH} y1={y} y2={y} />
          <text x={LEFT - 6} y={y + 4} text-anchor="end">
            {unitsText(meter, share * top)}
          </text>
        </g>
      );
    })}
  </g>
);

const Drawing = ({ bars, top }: { readonly bars: readonly Bar[]; readonly top: number }) => {
  const step = (WIDTH - LEFT) / bars.length;
  return (
    <>
      {bars.map(({ day, units }, index) => {
        const height = heightOf(units, top);
        const x = LEFT + index * step;
        return (
          <g key={day}>
            <rect class="bar" x={x + 2} y={HEIGHT - BOTTOM - height} width={step - 4} height={height} rx="2">
              <title>{`${day}: ${numberText(units)}`}</title>
            </rect>
            {(index === 0 || (index + 1) % 5 === 0) && (
              <text x={x + step / 2} y={HEIGHT - 6} text-anchor="middle">
                {index + 1}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
};

/** One meter, one colour; the figures are in the table below as well. */
export const BarChart = ({ meter, bars, total }: BarChartProps) => {
  const id = useId();
  const top = roundedUp(Math.max(...bars.map(({ units }) => units)));
  return (
    <figure class="card">
      <figcaption id={id}>
        <h2>{meter}</h2>
        <span class="hint">{unitsText(meter, total)} in the month</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <title>{`${meter} by day`}</title>
        <Scale top={top} meter={meter} />
        <Drawing bars={bars} top={top} />
      </svg>
      <details>
        <summary>{meter} as a table</summary>
        <table>
          <caption>{meter} by day</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="figure">
                Units
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ day, units }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td class="figure">{numberText(units)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
};

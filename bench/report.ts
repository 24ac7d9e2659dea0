import { type Figure, ratioOf, targetOf, verdictOn } from './figure.ts';

const HEADER = ['figure', 'value', 'unit', 'limit', 'ratio', 'target', 'verdict', 'note'];

/** Three digits at the least: 25,104 stays so, 2.345 does not become 2. */
export const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

const rowOf = (figure: Figure): string[] => {
  const ratio = ratioOf(figure);
  return [
    figure.name,
    shown(figure.value),
    figure.unit,
    figure.limit === undefined ? '' : shown(figure.limit),
    ratio === undefined ? '' : ratio.toFixed(2),
    targetOf(figure) ?? '',
    verdictOn(figure) ?? '',
    figure.note ?? '',
  ];
};

/** Text columns to the left, numbers to the right. */
const isNumber = (column: number): boolean => [1, 3, 4].includes(column);

/** One line per figure under a header, in columns. */
export const table = (figures: readonly Figure[]): string => {
  const rows = [HEADER, ...figures.map(rowOf)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
};

const rounded = (value: number): number => Number(value.toPrecision(6));

/** `{ "drain.rate": { "value": 25000, "unit": "events/s", "limit": 72000, "ratio": 0.35 }, … }` */
export const asJson = (figures: readonly Figure[]): string => {
  const entries = figures.map((figure) => {
    const { name, value, unit, limit, note } = figure;
    const ratio = ratioOf(figure);
    return [
      name,
      {
        value: rounded(value),
        unit,
        ...(limit !== undefined && { limit: rounded(limit) }),
        ...(ratio !== undefined && { ratio: Number(ratio.toFixed(3)) }),
        ...(note !== undefined && { note }),
      },
    ];
  });
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
};

import { Command } from 'commander';
import { type PlaceOptions, withPlaceOptions } from './cluster/options.ts';
import { labelOf, whereOf, withContextPorts } from './context-ports.ts';
import { type Parked, parkedEvents } from './parked-events.ts';
import { print } from './print.ts';

type Options = PlaceOptions & { readonly context?: string; readonly cell?: string; readonly json?: boolean };

export const parkedCommand = (): Command =>
  withPlaceOptions(new Command('parked'))
    .description('Lists the events that failed for good; later ones of the same subject wait behind them.')
    .option('--context <name>', 'of this context only')
    .option('--cell <name>', 'in this cell of a cluster only')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const parked = await withContextPorts(options, parkedEvents);
      const asJson = parked.map(({ port, ...rest }) => ({ ...whereOf(port), ...rest }));
      print(options.json, asJson, () => parkedText(parked));
    });

const parkedText = (parked: readonly Parked[]): string => {
  if (parked.length === 0) return 'Nothing is parked.';
  const entries = parked.map(
    ({ stream, sequence, port, failure, behind }) =>
      `${stream}\n  event ${sequence} in ${labelOf(port)}, since ${failure.at}, ${behind} waiting behind it\n` +
      `  ${failure.code} after ${failure.attempts} attempts: ${failure.reason}\n`,
  );
  return `${entries.join('\n')}
Let one go on once its cause is put right:  npm run redrive -- <stream>
Give one up for good:                       npm run discard -- <stream>`;
};

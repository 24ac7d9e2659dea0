import { Command } from 'commander';
import { contextPorts } from './context-ports.ts';
import { type Parked, parkedEvents } from './parked-events.ts';

type Options = { readonly context?: string; readonly json?: boolean };

export const parkedCommand = (): Command =>
  new Command('parked')
    .description('Lists the events that failed for good; later ones of the same subject wait behind them.')
    .option('--context <name>', 'of this context only')
    .option('--json', 'print JSON')
    .action(async ({ context, json }: Options) => {
      const parked = await parkedEvents(contextPorts(context));
      const asJson = parked.map(({ port, ...rest }) => ({ context: port.context, ...rest }));
      console.log(json ? JSON.stringify(asJson, undefined, 2) : parkedText(parked));
    });

const parkedText = (parked: readonly Parked[]): string => {
  if (parked.length === 0) return 'Nothing is parked.';
  const entries = parked.map(
    ({ stream, sequence, port, failure, behind }) =>
      `${stream}\n  event ${sequence} in ${port.context}, since ${failure.at}, ${behind} waiting behind it\n` +
      `  ${failure.code} after ${failure.attempts} attempts: ${failure.reason}\n`,
  );
  return `${entries.join('\n')}
Let one go on once its cause is put right:  npm run redrive -- <stream>
Give one up for good:                       npm run discard -- <stream>`;
};

import { Command } from 'commander';
import { type PlaceOptions, withPlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { withContextPorts } from './context-ports.ts';
import { goneOnText, goOn, isParkedAgain } from './go-on.ts';
import { parkedEvents } from './parked-events.ts';
import { print } from './print.ts';

type Options = PlaceOptions & { readonly context?: string; readonly cell?: string; readonly json?: boolean };

export const redriveCommand = (): Command =>
  withPlaceOptions(new Command('redrive'))
    .description('Lets parked events have another try, and all that wait behind them, in order.')
    .argument('[stream]', 'as npm run parked shows it; all that are parked when left out')
    .option('--context <name>', 'in this context only')
    .option('--cell <name>', 'in this cell of a cluster only')
    .option('--json', 'print JSON')
    .action(async (stream: string | undefined, options: Options) => {
      const done = await withContextPorts(options, async (ports) => {
        const parked = await parkedEvents(ports);
        const chosen = parked.filter((one) => stream === undefined || one.stream === stream);
        if (stream !== undefined && chosen.length === 0) {
          throw new CommandFailed(`Nothing is parked under ${stream}: npm run parked shows what is.`);
        }
        return goOn('redrive', chosen);
      });
      print(options.json, done, () => goneOnText(done));
      if (done.some(isParkedAgain)) process.exitCode = 1;
    });

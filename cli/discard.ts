import { Command } from 'commander';
import { type PlaceOptions, withPlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { labelOf, withContextPorts } from './context-ports.ts';
import { goneOnText, goOn } from './go-on.ts';
import { parkedEvents } from './parked-events.ts';
import { print } from './print.ts';

type Options = PlaceOptions & { readonly context?: string; readonly cell?: string; readonly json?: boolean };

export const discardCommand = (): Command =>
  withPlaceOptions(new Command('discard'))
    .description('Gives a parked event up, for good, and lets its subject go on behind it.')
    .argument('<stream>', 'as npm run parked shows it')
    .option('--context <name>', 'in this context; needed when several have parked the event')
    .option('--cell <name>', 'in this cell of a cluster; needed when several have parked the event')
    .option('--json', 'print JSON')
    .action(async (stream: string, options: Options) => {
      const done = await withContextPorts(options, async (ports) => {
        const parked = await parkedEvents(ports);
        const chosen = parked.filter((one) => one.stream === stream);
        if (chosen.length === 0) {
          throw new CommandFailed(`Nothing is parked under ${stream}: npm run parked shows what is.`);
        }
        // Nothing brings a discarded event back, so which one is meant must be said.
        if (chosen.length > 1) {
          const names = chosen.map(({ port }) => labelOf(port)).join(' and ');
          throw new CommandFailed(`${stream} is parked in ${names}: say which with --context or --cell.`);
        }
        return goOn('discard', chosen);
      });
      print(options.json, done, () => goneOnText(done));
    });

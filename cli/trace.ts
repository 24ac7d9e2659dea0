import { Command } from 'commander';
import { type PlaceOptions, withPlaceOptions } from './cluster/options.ts';
import { CommandFailed } from './command-failed.ts';
import { withContextPorts } from './context-ports.ts';
import { print } from './print.ts';
import { collectTraces } from './trace/collect.ts';
import { hopsOf } from './trace/hops.ts';
import { traceText } from './trace/text.ts';

type Options = PlaceOptions & { readonly json?: boolean };

export const traceCommand = (): Command =>
  withPlaceOptions(new Command('trace'))
    .description('Shows the way of an order, or of what an event led to, through all contexts.')
    .argument('<id>', 'of an order, an event, or a request (its correlation id)')
    .option('--json', 'print JSON')
    .action(async (id: string, options: Options) => {
      if (!/^[\w.:-]+$/.test(id))
        throw new CommandFailed(`${id} is no id: give letters, digits, dots and dashes.`);
      const hops = hopsOf(await withContextPorts(options, (ports) => collectTraces(ports, id)));
      if (hops.length === 0) {
        throw new CommandFailed(
          `Nothing is known of ${id}: check the id. Events are kept for 7 days, and an event published just now can take a moment.`,
        );
      }
      print(options.json, { id, hops }, () => traceText(id, hops));
    });

import { Command } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { contextPorts } from './context-ports.ts';
import { collectTraces } from './trace/collect.ts';
import { hopsOf } from './trace/hops.ts';
import { traceText } from './trace/text.ts';

type Options = { readonly json?: boolean };

export const traceCommand = (): Command =>
  new Command('trace')
    .description('Shows the way of an order, or of what an event led to, through all contexts.')
    .argument('<id>', 'of an order, an event, or a request (its correlation id)')
    .option('--json', 'print JSON')
    .action(async (id: string, { json }: Options) => {
      if (!/^[\w.:-]+$/.test(id))
        throw new CommandFailed(`${id} is no id: give letters, digits, dots and dashes.`);
      const hops = hopsOf(await collectTraces(contextPorts(), id));
      if (hops.length === 0) {
        throw new CommandFailed(
          `Nothing is known of ${id}: check the id. Events are kept for 7 days, and an event published just now can take a moment.`,
        );
      }
      console.log(json ? JSON.stringify({ id, hops }, undefined, 2) : traceText(id, hops));
    });

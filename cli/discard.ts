import { Command } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { contextPorts } from './context-ports.ts';
import { goneOnText, goOn } from './go-on.ts';
import { parkedEvents } from './parked-events.ts';

type Options = { readonly context?: string; readonly json?: boolean };

export const discardCommand = (): Command =>
  new Command('discard')
    .description('Gives a parked event up, for good, and lets its subject go on behind it.')
    .argument('<stream>', 'as npm run parked shows it')
    .option('--context <name>', 'in this context; needed when several have parked the event')
    .option('--json', 'print JSON')
    .action(async (stream: string, { context, json }: Options) => {
      const parked = await parkedEvents(contextPorts(context));
      const chosen = parked.filter((one) => one.stream === stream);
      if (chosen.length === 0) {
        throw new CommandFailed(`Nothing is parked under ${stream}: npm run parked shows what is.`);
      }
      // Nothing brings a discarded event back, so which one is meant must be said.
      if (chosen.length > 1) {
        const names = chosen.map(({ port }) => port.context).join(' and ');
        throw new CommandFailed(`${stream} is parked in ${names}: say which with --context.`);
      }
      const done = await goOn('discard', chosen);
      console.log(json ? JSON.stringify(done, undefined, 2) : goneOnText(done));
    });

import { Command } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { contextPorts } from './context-ports.ts';
import { goneOnText, goOn, isParkedAgain } from './go-on.ts';
import { parkedEvents } from './parked-events.ts';

type Options = { readonly context?: string; readonly json?: boolean };

export const redriveCommand = (): Command =>
  new Command('redrive')
    .description('Lets parked events have another try, and all that wait behind them, in order.')
    .argument('[stream]', 'as npm run parked shows it; all that are parked when left out')
    .option('--context <name>', 'in this context only')
    .option('--json', 'print JSON')
    .action(async (stream: string | undefined, { context, json }: Options) => {
      const parked = await parkedEvents(contextPorts(context));
      const chosen = parked.filter((one) => stream === undefined || one.stream === stream);
      if (stream !== undefined && chosen.length === 0) {
        throw new CommandFailed(`Nothing is parked under ${stream}: npm run parked shows what is.`);
      }
      const done = await goOn('redrive', chosen);
      console.log(json ? JSON.stringify(done, undefined, 2) : goneOnText(done));
      if (done.some(isParkedAgain)) process.exitCode = 1;
    });

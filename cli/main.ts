// The `cadastre` command. The npm scripts parked, redrive, discard and trace call it.
import { Command } from 'commander';
import { CommandFailed } from './command-failed.ts';
import { discardCommand } from './discard.ts';
import { parkedCommand } from './parked.ts';
import { redriveCommand } from './redrive.ts';
import { traceCommand } from './trace.ts';

const program = new Command('cadastre')
  .description('Looks after the landscape that runs on this machine.')
  .showHelpAfterError('(add --help for what it takes)');
for (const command of [parkedCommand(), redriveCommand(), discardCommand(), traceCommand()]) {
  program.addCommand(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommandFailed)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

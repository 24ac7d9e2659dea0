import { Command } from 'commander';
import { applyCommand } from './apply.ts';
import { checkCommand } from './check.ts';
import { CommandFailed } from './command-failed.ts';
import { deleteCommand } from './delete.ts';
import { describeCommand } from './describe.ts';
import { discardCommand } from './discard.ts';
import { eventsCommand } from './events.ts';
import { getCommand } from './get.ts';
import { installCommand } from './install.ts';
import { mapCommand } from './map.ts';
import { parkedCommand } from './parked.ts';
import { redriveCommand } from './redrive.ts';
import { traceCommand } from './trace.ts';
import { uninstallCommand } from './uninstall.ts';
import { waitCommand } from './wait.ts';

const GROUPS: Readonly<Record<string, readonly (() => Command)[]>> = {
  'On a cluster:': [installCommand, uninstallCommand],
  'Resources of a cluster:': [applyCommand, getCommand, describeCommand, waitCommand, deleteCommand],
  'The map of bounded contexts:': [mapCommand, checkCommand],
  'Events, on a cluster or on this machine:': [
    eventsCommand,
    traceCommand,
    parkedCommand,
    redriveCommand,
    discardCommand,
  ],
};

/** The `cadastre` command. */
export const cadastreProgram = (): Command => {
  const program = new Command('cadastre')
    .description('A landscape of bounded contexts as one multi-tenant platform.')
    .showHelpAfterError('(add --help for what it takes)');
  for (const [group, commands] of Object.entries(GROUPS)) {
    for (const command of commands)
      program.addCommand(command().helpGroup(group).showHelpAfterError('(add --help for what it takes)'));
  }
  return program;
};

/** What cannot be done is a sentence on standard error and exit code 1. */
export const runProgram = async (program: Command, words: readonly string[]): Promise<void> => {
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
};

import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { isTenantId } from '../../kit/identity/tenant-id.ts';

export type StartOptions = {
  readonly tenant: string;
  readonly port: number;
  /** Absolute; undefined when nothing is kept. */
  readonly data: string | undefined;
};

const port = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1_024 && value <= 65_000) return value;
  throw new InvalidArgumentError('Give a port from 1024 to 65000.');
};

const tenant = (text: string): string => {
  if (isTenantId(text)) return text;
  throw new InvalidArgumentError('Give 1 to 39 of a-z, 0-9 and inner dashes, and not "platform".');
};

/** Prints help or what is wrong, and exits, where the arguments ask for it. */
export const startOptions = (args: readonly string[]): StartOptions => {
  const command = new Command('npm start --')
    .description('Runs the whole landscape on this machine until Ctrl-C: MongoDB, Redis, relay and contexts.')
    .option('--tenant <id>', 'whose catalogue the sample products go to', tenant, 'acme')
    .option(
      '--port <number>',
      'of the first context; the next ones follow, a taken one is replaced',
      port,
      7_001,
    )
    .option(
      '--data <folder>',
      'keep data and logs there from run to run (else a temporary folder, removed at the end)',
    )
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  const { data, ...rest } = command.opts<{ tenant: string; port: number; data?: string }>();
  return { ...rest, data: data && resolve(data) };
};

const HELP = `
Other ports: 100 above each context's own is its admin port. MongoDB and Redis take any free ones.
MongoDB and Redis are found on this machine or installed into the cache (~/.cache/cadastre).

While it runs, from another terminal:
  npm run trace -- <order or event id>       the way of an order through all contexts
  npm run parked                             events that failed for good, and what waits behind them
  npm run redrive -- [--context c] [stream]  let parked events go on, in order
  npm run discard -- <stream>                give a parked event up`;

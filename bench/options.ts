import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';

/** What is measured: the contexts under load, subscriptions and the front door, or the operator on an API server. */
export type Subject = 'landscape' | 'edge' | 'operator';

export type BenchOptions = {
  readonly subject: Subject;
  /** Of the operator's bench. */
  readonly tenants: number;
  /** Of each of its controllers; its own choice when absent. */
  readonly workers: number | undefined;
  readonly json: string | undefined;
  /** Names of figures or what they start with; all when empty. */
  readonly only: readonly string[];
  readonly profiles: string | undefined;
};

const list = (text: string): string[] => text.split(',').filter((name) => name !== '');

/** What the operator's targets are about. */
const TENANTS = 1_000;

const positive = (text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write a whole number above 0.');
};

/** Prints help or what is wrong, and exits, where the arguments ask for it. */
export const benchOptions = (
  args: readonly string[],
  figures: Readonly<Record<Subject, readonly string[]>>,
): BenchOptions => {
  const command = new Command('npm run bench --')
    .description(
      'Measures the landscape, the edge or the operator on this machine and compares it with its targets.',
    )
    .addArgument(new Argument('[subject]').choices(Object.keys(figures)).default('landscape'))
    .option('--only <names>', 'figures to measure, by name or first words: drain.rate,latency', list)
    .option('--json <file>', 'also write the figures there')
    .option('--cpu-prof <folder>', 'leave a CPU profile of every process there (slows them down)')
    .option('--tenants <count>', 'of the operator’s bench, for a shorter one', positive, TENANTS)
    .option('--workers <count>', 'of each of the operator’s controllers', positive)
    .addHelpText('after', helpOf(figures))
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  const { json, only = [], cpuProf, tenants, workers } = command.opts<Options>();
  const subject = command.processedArgs[0] as Subject;
  const names = figures[subject];
  const unknown = only.filter((one) => !names.some((name) => isAsked(name, [one])));
  if (unknown.length > 0)
    command.error(`There is no figure ${unknown.join(', ')}; choose from ${names.join(', ')}.`);
  const profiles = cpuProf && resolve(cpuProf);
  if (profiles) mkdirSync(profiles, { recursive: true });
  return { subject, tenants, workers, json: json && resolve(json), only, profiles };
};

type Options = { json?: string; only?: string[]; cpuProf?: string; tenants: number; workers?: number };

/** `latency` asks for latency.p50 and latency.1000.p99 alike. */
export const isAsked = (name: string, only: readonly string[]): boolean =>
  only.length === 0 || only.some((one) => name === one || name.startsWith(`${one}.`));

const helpOf = ({ landscape, edge, operator }: Readonly<Record<Subject, readonly string[]>>): string => `
Figures of the landscape: ${landscape.join(', ')}
Figures of the edge: ${edge.join(', ')}
Figures of the operator: ${operator.join(', ')}

All of the landscape take about five minutes, those of the edge eight, those of the operator ten. What each one is: bench/README.md.
Run nothing else meanwhile: servers, processes and load share this machine's cores.`;

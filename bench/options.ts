import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';

export type BenchOptions = {
  readonly json: string | undefined;
  /** Names of figures or what they start with; all when empty. */
  readonly only: readonly string[];
  readonly profiles: string | undefined;
};

const list = (text: string): string[] => text.split(',').filter((name) => name !== '');

/** Prints help or what is wrong, and exits, where the arguments ask for it. */
export const benchOptions = (args: readonly string[], names: readonly string[]): BenchOptions => {
  const command = new Command('npm run bench --')
    .description('Measures the landscape on this machine and compares it with its targets.')
    .option('--only <names>', 'figures to measure, by name or first words: drain.rate,latency', list)
    .option('--json <file>', 'also write the figures there')
    .option('--cpu-prof <folder>', 'leave a CPU profile of every process there (slows them down)')
    .addHelpText('after', helpOf(names))
    .allowExcessArguments(false)
    .parse([...args], { from: 'user' });
  const { json, only = [], cpuProf } = command.opts<{ json?: string; only?: string[]; cpuProf?: string }>();
  const unknown = only.filter((one) => !names.some((name) => isAsked(name, [one])));
  if (unknown.length > 0)
    command.error(`There is no figure ${unknown.join(', ')}; choose from ${names.join(', ')}.`);
  const profiles = cpuProf && resolve(cpuProf);
  if (profiles) mkdirSync(profiles, { recursive: true });
  return { json: json && resolve(json), only, profiles };
};

/** `latency` asks for latency.p50 and latency.1000.p99 alike. */
export const isAsked = (name: string, only: readonly string[]): boolean =>
  only.length === 0 || only.some((one) => name === one || name.startsWith(`${one}.`));

const helpOf = (names: readonly string[]): string => `
Figures: ${names.join(', ')}

All of them take about five minutes. What each one is: bench/README.md.
Run nothing else meanwhile: servers, processes and load share this machine's cores.`;

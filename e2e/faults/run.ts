// `npm run faults -- --minutes 10`: see README.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { runFaults } from './run-faults.ts';
import { summary } from './summary.ts';
import { failures, invalidities } from './verdict.ts';

const number = (text: string): number => {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('give a number above 0');
  return Number(text);
};

const { minutes, rate, seed } = new Command('npm run faults --')
  .description('Hurts a landscape of its own under a load of orders and judges what came of it.')
  .option('--minutes <n>', 'of load and faults', number, 1)
  .option('--rate <n>', 'orders per second, over all tenants', number, 60)
  .option('--seed <n>', 'of an earlier run, to draw the same faults', number, Date.now() % 1_000_000)
  .parse()
  .opts<{ minutes: number; rate: number; seed: number }>();

const folder = await mkdtemp(join(tmpdir(), 'cadastre-faults-'));
const progress = (line: string) => console.log(line);
progress(`seed ${seed}: ${minutes} min of load and faults; logs in ${folder}`);
const outcome = await runFaults({ seconds: minutes * 60, seed, ordersPerSecond: rate, folder, progress });
const problems = [...failures(outcome), ...invalidities(outcome)];
console.log(summary(outcome));
if (problems.length === 0) await rm(folder, { recursive: true, force: true });
else console.log(`The logs are kept in ${folder}.`);
process.exit(problems.length === 0 ? 0 : 1);

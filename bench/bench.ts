// npm run bench: measures, prints a table and, if asked, writes it as JSON.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { drainRate } from './drain-rate.ts';
import { edge } from './edge/edge.ts';
import type { Figure } from './figure.ts';
import { type Bench, createGround } from './ground.ts';
import { latency, latency1000 } from './latency.ts';
import { memory } from './memory.ts';
import { operator } from './operator/operator.ts';
import { OPERATOR_FIGURES } from './operator/stage.ts';
import { benchOptions, isAsked } from './options.ts';
import { ordersRate } from './orders-rate.ts';
import { relayRate } from './relay-rate.ts';
import { asJson, table } from './report.ts';
import { takeover } from './takeover.ts';

/** In this order: what starts a landscape of its own first, and memory before there was any load. */
const landscape: readonly Bench[] = [
  drainRate,
  relayRate,
  memory,
  latency,
  latency1000,
  ordersRate,
  takeover,
];

const { subject, tenants, workers, json, only, profiles } = benchOptions(process.argv.slice(2), {
  landscape: landscape.flatMap(({ names }) => names),
  edge: edge.flatMap(({ names }) => names),
  operator: OPERATOR_FIGURES,
});
const benches = { landscape, edge, operator: [operator({ tenants, workers })] }[subject];
const say = (line: string): void => console.error(line);
const ground = createGround({ say, profiles });
// Watchdogs end the servers and the processes, and the temporary folder goes with this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

// Average number of processes that wanted a core during the last minute.
const [busy = 0] = loadavg();
if (busy > 1) say(`this machine is busy (load average ${busy.toFixed(1)}): do not trust the figures`);

const figures: Figure[] = [];
const failures: string[] = [];
for (const bench of benches.filter(({ names }) => names.some((name) => isAsked(name, only)))) {
  say(`measuring ${bench.names.join(', ')}`);
  try {
    figures.push(...(await bench.run(ground)).filter(({ name }) => isAsked(name, only)));
  } catch (error) {
    failures.push(
      `cannot measure ${bench.names.join(', ')}: ${error instanceof Error ? error.message : error}`,
    );
    say(failures.at(-1) ?? '');
  }
}
await ground.stop();
console.log(table(figures));
for (const failure of failures) console.log(failure);
if (json !== undefined) writeFileSync(json, asJson(figures));
process.exit(failures.length > 0 ? 1 : 0);

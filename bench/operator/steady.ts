import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import type { OperatorProcess } from './operator-process.ts';
import { figure, type Stage } from './stage.ts';
import { countWrites, totalOf, untilQuiet, writesBetween } from './writes.ts';

const QUIET = { quietMs: 5_000, patienceMs: 120_000 };

/** @returns a note about what has not come to rest. */
export const settle = async ({ say, cluster: { client } }: Stage): Promise<string> => {
  const since = performance.now();
  const isQuiet = await untilQuiet(client, QUIET);
  const seconds = ((performance.now() - since) / 1_000).toFixed(0);
  const note = isQuiet ? `quiet after ${seconds} s` : `not quiet after ${seconds} s`;
  say(note);
  return note;
};

const STEADY_MS = 60_000;

export const steadyWrites = async (stage: Stage, { process }: OperatorProcess): Promise<Figure> => {
  const { say, cluster } = stage;
  const settled = await settle(stage);
  say('doing nothing for a minute');
  const used = () => cpuSeconds(process.pid() ?? 0);
  const usedBefore = await used();
  const before = await countWrites(cluster.client);
  await delay(STEADY_MS);
  const writes = writesBetween(before, await countWrites(cluster.client));
  const which = writes.slice(0, 3).map(([what, count]) => `${count} ${what}`);
  const cpu = ((await used()) - usedBefore).toFixed(1);
  const note = [`in 60 s, leases aside; ${settled} before`, `CPU: operator ${cpu} s`, ...which].join('; ');
  return figure('operator.steady.writes', { value: totalOf(writes), unit: 'writes', note });
};

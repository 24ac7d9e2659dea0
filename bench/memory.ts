import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Figure } from './figure.ts';
import type { Bench } from './ground.ts';

const PROCESSES = ['catalog', 'ordering', 'shipping', 'relay-1', 'relay-2'] as const;
/** Long enough that whatever starting needed has been collected, or never will be. */
const IDLE_MS = 5_000;

/** Resident memory of each process of a landscape that has started and does nothing. */
export const memory: Bench = {
  names: PROCESSES.map((name) => `memory.${name}`),
  run: async (ground) => {
    const { landscape } = await ground.whole();
    await delay(IDLE_MS);
    const figures = PROCESSES.map(async (name): Promise<Figure> => {
      const pid = landscape.processes.get(name)?.pid();
      if (pid === undefined) throw new Error(`there is no process ${name}`);
      return { name: `memory.${name}`, value: (await residentKb(pid)) / 1_024, unit: 'MB' };
    });
    return Promise.all(figures);
  },
};

/** Where there is no /proc, ps knows. */
export const residentKb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const [, resident] = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '') ?? [];
  return Number(resident ?? (await askPs(pid)));
};

const askPs = async (pid: number): Promise<string> =>
  (await promisify(execFile)('ps', ['-o', 'rss=', '-p', `${pid}`])).stdout.trim();

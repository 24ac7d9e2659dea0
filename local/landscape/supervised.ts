import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../servers/cache.ts';

export type ProcessPlan = {
  readonly name: string;
  /** Entry file, run by this Node.js. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly nodeOptions?: readonly string[];
};

/** A process that is started again whenever it ends, as a Deployment would. */
export interface Supervised {
  readonly plan: ProcessPlan;
  pid(): number | undefined;
  restarts(): number;
  /** Nothing happens to a process that is down at the moment. @returns whether there was one. */
  signal(signal: NodeJS.Signals): boolean;
  /** SIGTERM, then SIGKILL after `graceMs`; resolves when it has ended, and it is not started again. */
  stop(graceMs?: number): Promise<void>;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
/** Whoever lived this long starts again at once. */
const STABLE_MS = 10_000;
const GRACE_MS = 20_000;

export type SupervisedHooks = {
  /** Called for each process that is started, so that someone can see to it that none is left behind. */
  readonly onSpawn: (name: string, pid: number) => void;
  readonly onExit?: (name: string, how: string) => void;
};

export const supervise = (plan: ProcessPlan, hooks: SupervisedHooks): Supervised => {
  let child: ChildProcess;
  let restarts = 0;
  let backoffMs = FIRST_BACKOFF_MS;
  let isStopping = false;
  let timer: NodeJS.Timeout | undefined;
  let ended = Promise.resolve();

  const start = (): void => {
    const startedAt = performance.now();
    child = launch(plan);
    if (child.pid !== undefined) hooks.onSpawn(plan.name, child.pid);
    ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        if (isStopping) return;
        hooks.onExit?.(plan.name, signal ?? `code ${code}`);
        if (performance.now() - startedAt > STABLE_MS) backoffMs = FIRST_BACKOFF_MS;
        timer = setTimeout(restart, backoffMs);
        backoffMs = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2);
      });
    });
  };
  const restart = (): void => {
    restarts += 1;
    start();
  };
  start();
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  return {
    plan,
    pid: () => (isAlive() ? child.pid : undefined),
    restarts: () => restarts,
    signal: (signal) => isAlive() && child.kill(signal),
    stop: async (graceMs = GRACE_MS) => {
      isStopping = true;
      clearTimeout(timer);
      if (!isAlive()) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
};

/** Half of what a process does until it is ready is compiling; Node.js keeps the outcome for the next start. */
const NODE_COMPILE_CACHE = join(cacheFolder(), 'compiled');

/** Its own process group: the terminal's Ctrl-C goes to the parent, which stops its processes in order. */
const launch = ({ entry, env, logFile, nodeOptions = [] }: ProcessPlan): ChildProcess => {
  const log = openSync(logFile, 'a');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, entry], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.on('error', () => undefined);
  return child;
};

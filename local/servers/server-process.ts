import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Executable, environmentOf, type ServerName } from './executable.ts';

export type ServerPlan = {
  readonly name: ServerName;
  readonly executable: Executable;
  /** Data and log; exists already. */
  readonly folder: string;
  readonly port: number;
  readonly args: readonly string[];
  /** What the server logs when it accepts connections. Read from its own log, so another's port never counts. */
  readonly readyLine: string;
};

export type Running = { readonly child: ChildProcess; readonly pid: number };

export class ServerDied extends Error {
  override name = 'ServerDied';
  readonly portWasTaken: boolean;
  constructor(message: string, portWasTaken: boolean) {
    super(message);
    this.portWasTaken = portWasTaken;
  }
}

const logOf = ({ folder, name }: ServerPlan): string => join(folder, `${name}.log`);

const logSince = (plan: ServerPlan, offset: number): string =>
  readFileSync(logOf(plan)).subarray(offset).toString();

export const hasEnded = ({ child }: Running): boolean => child.exitCode !== null || child.signalCode !== null;

export const ended = (running: Running): Promise<void> =>
  new Promise((resolve) => {
    if (hasEnded(running)) resolve();
    else running.child.once('exit', () => resolve());
  });

/** One sentence: who died, how, and the last thing that it said. */
export const obituary = (plan: ServerPlan, { child }: Running): string => {
  const log = existsSync(logOf(plan)) ? readFileSync(logOf(plan), 'utf8') : '';
  const lastLines = log.trim().split('\n').slice(-3).join(' | ').slice(-600);
  const how = child.signalCode ?? `code ${child.exitCode}`;
  return `${plan.name} on port ${plan.port} ended by itself with ${how}; its log ends: ${lastLines}`;
};

const launch = (plan: ServerPlan): Promise<Running> => {
  const log = openSync(logOf(plan), 'a');
  // Own process group: Ctrl-C goes to the parent alone, which stops its processes in its own order.
  const child = spawn(plan.executable.command, plan.args, {
    cwd: plan.folder,
    env: environmentOf(plan.executable),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve({ child, pid: child.pid ?? 0 }));
    child.once('error', (cause) =>
      reject(new Error(`cannot run ${plan.executable.command}: ${cause.message}`, { cause })),
    );
  });
};

/** Resolves when the server accepts connections; `onSpawn` hears of the process before anyone waits. */
export const startProcess = async (
  plan: ServerPlan,
  onSpawn: (running: Running) => void,
): Promise<Running> => {
  const offset = statSync(logOf(plan), { throwIfNoEntry: false })?.size ?? 0;
  const running = await launch(plan);
  onSpawn(running);
  const deadline = performance.now() + 60_000;
  while (!logSince(plan, offset).includes(plan.readyLine)) {
    if (hasEnded(running)) {
      throw new ServerDied(obituary(plan, running), /address already in use/i.test(logSince(plan, offset)));
    }
    if (performance.now() > deadline) {
      running.child.kill('SIGKILL');
      throw new ServerDied(`${plan.name} was not ready within 60 s; its log is ${logOf(plan)}`, false);
    }
    await sleep(15);
  }
  return running;
};

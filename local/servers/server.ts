import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerName } from './executable.ts';
import { ended, hasEnded, obituary, type Running, type ServerPlan, startProcess } from './server-process.ts';

export interface Server {
  readonly name: ServerName;
  readonly port: number;
  /** Changes with every restart. */
  pid(): number;
  /** A death by this signal is the caller's and not reported. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, then start again on the same port and data folder; resolves when ready. */
  restart(): Promise<void>;
  /** Resolves when the process has gone; may be called twice. */
  stop(): Promise<void>;
}

export type ServerHooks = {
  /** Hears of every process, so that none can outlive us. */
  readonly onSpawn: (name: ServerName, pid: number) => void;
  readonly whenReady: (port: number) => Promise<void>;
  /** One sentence when the server dies by itself. */
  readonly onExit: (sentence: string) => void;
  /** A kept data folder deserves an orderly shutdown; a temporary one is about to be removed. */
  readonly stopSignal: 'SIGTERM' | 'SIGKILL';
};

type Hold = { running?: Running; deathIsOurs: boolean };

const endProcess = async (hold: Hold, signal: NodeJS.Signals): Promise<void> => {
  const { running } = hold;
  hold.deathIsOurs = true;
  if (!running || hasEnded(running)) return;
  // It was let go so that a forgotten server never keeps a command from ending; now its end is awaited.
  running.child.ref();
  running.child.kill(signal);
  // A frozen server (SIGSTOP) hears SIGTERM only when it is awake.
  running.child.kill('SIGCONT');
  await Promise.race([ended(running), sleep(10_000, undefined, { ref: false })]);
  running.child.kill('SIGKILL');
  await ended(running);
};

const startInto = async (hold: Hold, plan: ServerPlan, hooks: ServerHooks): Promise<void> => {
  hold.deathIsOurs = false;
  const running = await startProcess(plan, (spawned) => {
    hold.running = spawned;
    hooks.onSpawn(plan.name, spawned.pid);
  });
  running.child.once('exit', () => {
    if (!hold.deathIsOurs) hooks.onExit(obituary(plan, running));
  });
  await hooks.whenReady(plan.port);
};

/** Starts the server that `plan` describes. `hold.running` is set as soon as there is a process. */
export const startServer = async (plan: ServerPlan, hooks: ServerHooks): Promise<Server> => {
  const hold: Hold = { deathIsOurs: false };
  const server: Server = {
    name: plan.name,
    port: plan.port,
    pid: () => hold.running?.pid ?? 0,
    signal: (signal) => {
      hold.deathIsOurs ||= signal === 'SIGKILL' || signal === 'SIGTERM' || signal === 'SIGINT';
      hold.running?.child.kill(signal);
    },
    restart: async () => {
      await endProcess(hold, 'SIGKILL');
      await startInto(hold, plan, hooks);
    },
    stop: () => endProcess(hold, hooks.stopSignal),
  };
  await startInto(hold, plan, hooks).catch(async (cause: unknown) => {
    await endProcess(hold, 'SIGKILL');
    throw cause;
  });
  return server;
};
